/** Every way to tamper with a log that the design names is found, at its place, and called by its name. */
import { describe, expect, it } from 'vitest';
import { nodeCrypto } from '../../platform/crypto.ts';
import { toBase64Url } from '../bytes.ts';
import { type CaseId, newId } from '../ids.ts';
import { extendLog, signHead } from '../sync/log.ts';
import type { Break } from './breaks.ts';
import { caseId, devices, type MadeCase, makeCase, service } from './chain.test-support.ts';
import { arrange, type ChainLine, chainText, type EntryLine, readChainFile } from './chainFile.ts';
import { type ChainExpectation, type ChainVerdict, verifyChain } from './verifyChain.ts';

const serviceKey = toBase64Url(service.publicKey);
const sound = makeCase();

function verdict(lines: readonly ChainLine[], expected: Partial<ChainExpectation> = {}): ChainVerdict {
  const file = readChainFile(chainText(lines));
  if ('unreadableLine' in file) throw new Error(`line ${file.unreadableLine} is unreadable`);
  return verifyChain(file, { crypto: nodeCrypto, serviceKey, caseId, ...expected });
}
function found(lines: readonly ChainLine[], expected: Partial<ChainExpectation> = {}): Break | 'nothing' {
  const result = verdict(lines, expected);
  return result.outcome === 'broken' ? result.at : 'nothing';
}
type Line<T extends ChainLine['type']> = Extract<ChainLine, { type: T }>;
const change = <T extends ChainLine['type']>(
  type: T,
  at: number,
  edit: (line: Line<T>) => ChainLine | readonly ChainLine[],
  { lines }: Pick<MadeCase, 'lines'> = sound,
): readonly ChainLine[] => {
  let seen = -1;
  return lines.flatMap((line) => {
    if (line.type !== type) return [line];
    seen += 1;
    return seen === at ? edit(line as Line<T>) : [line]; // its type was just compared
  });
};
const without = (type: ChainLine['type'], from: number) => {
  let seen = -1;
  return sound.lines.filter((line) => {
    if (line.type === type) seen += 1;
    return line.type !== type || seen < from;
  });
};
/** The log as a forger would number it anew: running hashes are not in the file, the service's heads are. */
const renumbered = (lines: readonly ChainLine[]) => {
  let position = 0;
  const entries = lines.filter((line) => line.type === 'entry').length;
  return lines.map((line): ChainLine => {
    if (line.type === 'entry') {
      position += 1;
      return { ...line, position };
    }
    return line.type === 'chain' || line.type === 'end' ? { ...line, entries } : line;
  });
};

describe('a log that nobody touched', () => {
  it('verifies, and says how much was checked', () => {
    expect(verdict(sound.lines)).toMatchObject({
      ...{ outcome: 'sound', entries: 10, quarantined: 1, devices: 2, signatures: 4 },
      witnessed: { position: 10, statement: { hour: '2026-11-28T11:00:00Z' } },
    });
  });

  it('verifies with heads that somebody saw on the way', () => {
    const seen = sound.lines.flatMap((line) => (line.type === 'head' ? [line] : []));
    expect(found(sound.lines, { seen: seen.map(({ type: _, ...head }) => head) })).toBe('nothing');
  });

  it('verifies when it is empty of content: no word anybody wrote is in the file', () => {
    expect(chainText(sound.lines)).not.toContain('text 0');
  });
});

describe('edited', () => {
  const cases: Readonly<Record<string, (line: EntryLine) => EntryLine>> = {
    'its content': (line) => ({ ...line, payloadHash: toBase64Url(new Uint8Array(32)) }),
    'what it is about': (line) => ({ ...line, head: line.head.replace('"note"', '"case"') }),
    'the content that lies in the database': (line) => ({ ...line, contentAltered: true }),
    'its hash': (line) => ({ ...line, hash: toBase64Url(new Uint8Array(32)) }),
  };
  it.each(Object.keys(cases))('%s', (what) => {
    const edit = cases[what] ?? ((line: EntryLine) => line);
    expect(found(change('entry', 4, edit))).toMatchObject({ kind: 'edited', position: 5 });
  });

  it('whether it counts, when it came and what its clock was worth, which the service signed', () => {
    for (const edit of [
      (line: EntryLine): EntryLine => ({ ...line, status: 'applied' }),
      (line: EntryLine): EntryLine => ({ ...line, receivedAtMs: line.receivedAtMs + 1 }),
      (line: EntryLine): EntryLine => ({ ...line, effective: [line.effective[0], 77] }),
    ])
      expect(found(change('entry', 5, edit))).toEqual({ kind: 'edited', position: 6 });
  });

  it('with hashes that were made to fit: the device did not sign that', () => {
    const forged = makeCase({ words: 'other words' });
    const lines = sound.lines.map((line, index): ChainLine => {
      const other = forged.lines[index];
      return line.type === 'segment' || other === undefined ? line : other;
    });
    expect(found(lines)).toMatchObject({ kind: 'unsigned', position: 1, n: 1 });
  });
});

describe('omitted', () => {
  it('an entry in the middle', () => {
    expect(found(change('entry', 3, () => []))).toEqual({ kind: 'omitted', position: 4 });
  });

  it('and the rest numbered anew: the device’s chain has a gap', () => {
    expect(found(renumbered(change('entry', 3, () => [])))).toEqual({ kind: 'omitted', position: 4, n: 1 });
  });

  it('everything of one device: its signatures are left, and the service signed more', () => {
    const lines = renumbered(
      sound.lines.filter((line) => line.type !== 'entry' || line.device !== devices[1]),
    );
    expect(found(lines)).toEqual({ kind: 'truncated', position: 5 });
    expect(
      found(lines.filter((line) => line.type !== 'segment' || line.device !== devices[1])),
    ).toMatchObject({ kind: 'truncated' });
  });
});

describe('reordered', () => {
  const swapped = (a: number, b: number) => {
    const entries = sound.lines.filter((line) => line.type === 'entry');
    const [one, two] = [entries[a], entries[b]];
    return sound.lines.map((line) => (line === one && two ? two : line === two && one ? one : line));
  };
  it('two neighbours', () => {
    expect(found(swapped(2, 3))).toEqual({ kind: 'reordered', position: 3 });
  });

  it('and numbered anew: of one device it is its chain, of two the service’s signature', () => {
    expect(found(renumbered(swapped(1, 2)))).toMatchObject({ kind: 'reordered', position: 2, n: 2 });
    expect(found(renumbered(swapped(5, 6)))).toMatchObject({ position: 6 });
    expect(found(renumbered(swapped(2, 3)))).toMatchObject({ kind: 'edited', position: 3 });
  });
});

describe('truncated', () => {
  it('the end of the log', () => {
    expect(found(without('entry', 8))).toEqual({ kind: 'truncated', position: 9 });
  });

  it('the end with its signature, while the service’s is still there', () => {
    const lines = renumbered(without('entry', 6).filter((line) => line !== lastOf('segment')));
    expect(found(lines)).toEqual({ kind: 'truncated', position: 7 });
  });

  it('the last line of the file', () => {
    expect(found(without('end', 0))).toEqual({ kind: 'truncated', position: 11 });
  });

  it('the last signature of the service', () => {
    const lines = sound.lines.filter((line) => line !== lastOf('head'));
    expect(found(lines)).toEqual({ kind: 'truncated', position: 11 });
  });
});

const lastOf = (type: ChainLine['type']) => sound.lines.filter((line) => line.type === type).at(-1);

/** What the service held before the last push: consistent in itself, signature and all. */
const earlier = (): readonly ChainLine[] => {
  const gone = [lastOf('segment'), lastOf('head'), lastOf('witness')];
  return renumbered(without('entry', 6).filter((line) => !gone.includes(line)));
};

describe('rolled back', () => {
  it('is not to be seen in the log alone', () => {
    expect(found(earlier())).toBe('nothing');
  });

  it('but to whoever saw a later head', () => {
    const later = lastOf('head');
    if (later?.type !== 'head') throw new Error('a log has a head');
    const { type: _, ...head } = later;
    expect(found(earlier(), { seen: [head] })).toEqual({ kind: 'rolled-back', position: 7 });
  });

  it('or has a statement of the witness about what came later', () => {
    const later = lastOf('witness');
    const lines = earlier();
    expect(found([...lines.slice(0, -1), ...(later ? [later] : []), ...lines.slice(-1)])).toEqual({
      kind: 'rolled-back',
      position: 7,
    });
  });
});

describe('forked', () => {
  it('the service showed somebody else another past', () => {
    const last = sound.lines.flatMap((line) => (line.type === 'entry' ? [line] : [])).at(-1);
    const before = verdict(earlier());
    if (last === undefined || before.outcome !== 'sound') throw new Error('the log is sound');
    const arrival = { ...last, changeHash: last.hash };
    const other = extendLog(before.head, { ...arrival, receivedAtMs: 1 }, nodeCrypto);
    const seen = [signHead(caseId, other, service)];
    expect(found(sound.lines, { seen })).toEqual({ kind: 'forked', position: 7 });
  });

  it('a device wrote two things under one number', () => {
    const lines = change('entry', 4, (line) => ({ ...line, n: line.n - 1 }));
    expect(found(lines)).toEqual({ kind: 'forked', position: 5, n: 1 });
  });
});

describe('swapped', () => {
  const ids = { nowMs: () => 1, randomBytes: nodeCrypto.randomBytes };
  it('the log of another case', () => {
    const other = makeCase({ of: newId<CaseId>(ids) });
    expect(found(other.lines)).toEqual({ kind: 'swapped' });
  });

  it('and passed off as this one', () => {
    const other = makeCase({ of: newId<CaseId>(ids) });
    const lines = other.lines.map((line) => (line.type === 'chain' ? { ...line, case: caseId } : line));
    expect(found(lines)).toMatchObject({ kind: 'swapped' });
    const heads = lines.filter((line) => line.type !== 'head' && line.type !== 'witness');
    expect(found(heads)).toEqual({ kind: 'edited', position: 1, n: 1 });
  });

  it('the key of a device', () => {
    const lines = change('device', 1, (line) => ({ ...line, key: serviceKey }));
    expect(found(lines)).toMatchObject({ kind: 'unsigned', position: 4 });
  });

  it('the key of the service', () => {
    const key = toBase64Url(new Uint8Array(32).fill(3));
    const lines = change('chain', 0, (line) => ({ ...line, serviceKey: key }));
    expect(found(lines)).toEqual({ kind: 'swapped' });
    const own = readChainFile(chainText(lines));
    if ('unreadableLine' in own) throw new Error('it reads');
    expect(verifyChain(own, { crypto: nodeCrypto })).toMatchObject({ at: { kind: 'signature' } });
  });

  it('the statement of the witness, or its proof', () => {
    const moved = change('witness', 1, (line) => ({ ...line, proof: { ...line.proof, index: 2 } }));
    expect(found(moved)).toMatchObject({ kind: 'unproved' });
    const text = change('witness', 1, (line) => ({
      ...line,
      statement: { ...line.statement, text: line.statement.text.replace('T11', 'T12') },
    }));
    expect(found(text)).toMatchObject({ kind: 'signature' });
  });
});

describe('a signature taken away', () => {
  it('leaves entries that nobody answers for', () => {
    expect(found(change('segment', 1, () => []))).toEqual({ kind: 'unsigned', position: 4, n: 1 });
  });
});

describe('a file', () => {
  it('that is none is told by its line', () => {
    expect(readChainFile('')).toEqual({ unreadableLine: 1 });
    expect(readChainFile(`${chainText(sound.lines.slice(0, 2))}{"type":"entry"}\n`)).toEqual({
      unreadableLine: 3,
    });
    expect(arrange(sound.lines.slice(1))).toBeUndefined();
  });
});
