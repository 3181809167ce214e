/** Chain, signature and log: what was written is what is verified, and nothing else is. */
import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeCrypto, signerFromSeed } from '../../platform/crypto.ts';
import { toBase64Url } from '../bytes.ts';
import { TmaError } from '../errors.ts';
import type { CaseId, ChangeId, DeviceId, RecordId } from '../ids.ts';
import {
  type ChangeHead,
  chainStart,
  maxChangeBytes,
  readChange,
  type SealedChange,
  sealChange,
} from './change.ts';
import type { SyncCrypto } from './crypto.ts';
import { emptyLog, extendLog, isHeadSigned, type LogHead, signHead } from './log.ts';
import { type Segment, segmentSchema, signSegment, verifySegment } from './segment.ts';

const caseId = '01900000-0000-7000-8000-ca0000000001' as unknown as CaseId;
const device = '01900000-0000-7000-8000-de0000000001' as unknown as DeviceId;
const signer = signerFromSeed(new Uint8Array(32).fill(7));
const stranger = signerFromSeed(new Uint8Array(32).fill(8));

/** The real cryptography with salts that repeat. */
const crypto: SyncCrypto = { ...nodeCrypto, randomBytes: (length) => new Uint8Array(length).fill(5) };

const head = (number: number, more: object = {}): ChangeHead => ({
  id: `01900000-0000-7000-8000-c0000000000${number}` as unknown as ChangeId,
  record: '01900000-0000-7000-8000-e00000000001' as unknown as RecordId,
  kind: 'observation',
  op: 'create',
  at: [1_763_880_000_000, 0],
  schema: 1,
  seen: [0, ''],
  ...more,
});
const write = (number: number, value: string): SealedChange =>
  sealChange({ head: head(number), fields: { text: { value, saw: [] } } }, crypto);

const changes = [write(1, 'Tür offen'), write(2, 'Tür zu 🚪'), write(3, '')];
const segment = signSegment({ caseId, device, prev: chainStart, changes }, signer, crypto);

/** What the service and every laptop do with a segment that arrives: the schema, then the signature. */
function verdict(candidate: unknown): 'accepted' | 'refused' | 'the same segment' {
  const parsed = segmentSchema.safeParse(candidate);
  if (!parsed.success) return 'refused';
  // Ids are read without regard to case: another spelling of the same segment is the same segment.
  if (JSON.stringify(parsed.data) === JSON.stringify(segment)) return 'the same segment';
  try {
    verifySegment(parsed.data, signer.publicKey, crypto);
    return 'accepted';
  } catch (thrown) {
    if (thrown instanceof TmaError) return 'refused';
    throw thrown;
  }
}

/** Every text that differs from this one in a single bit of a character's low byte. */
function* oneBitOff(text: string): Generator<string> {
  for (let at = 0; at < text.length; at++) {
    for (let bit = 0; bit < 8; bit++) {
      const changed = String.fromCharCode(text.charCodeAt(at) ^ (1 << bit));
      yield text.slice(0, at) + changed + text.slice(at + 1);
    }
  }
}

function withChange(index: number, part: Partial<SealedChange>): Segment {
  return {
    ...segment,
    changes: segment.changes.map((change, at) => (at === index ? { ...change, ...part } : change)),
  };
}

describe('a change', () => {
  it('is read back as it was written', () => {
    const fields = { text: { value: 'Tür offen', saw: [head(9).id] }, $removed: { value: true, saw: [] } };
    const group = '01900000-0000-7000-8000-900000000001';
    const written = { head: head(1, { group }), fields };
    expect(readChange(sealChange(written, nodeCrypto))).toEqual(written);
  });

  it('keeps what only a newer program understands, in the head and under unknown fields', () => {
    const newer = {
      head: head(1, { urgency: 'high', kind: 'weather' }),
      fields: { 'wind.north': { value: 3, saw: [] } },
    };
    expect(readChange(sealChange(newer, nodeCrypto))).toEqual(newer);
  });

  it('has another salt each time, so that equal words do not show as equal hashes', () => {
    const one = sealChange({ head: head(1), fields: {} }, nodeCrypto);
    const two = sealChange({ head: head(1), fields: {} }, nodeCrypto);
    expect(one.salt).not.toBe(two.salt);
  });

  it.each([
    ['a field name with a space', { head: changes[0]?.head, payload: '{"a b":{"saw":[],"value":1}}' }],
    ['an edit without what was seen', { head: changes[0]?.head, payload: '{"text":{"value":1}}' }],
    [
      'an edit with more than that',
      { head: changes[0]?.head, payload: '{"text":{"by":1,"saw":[],"value":1}}' },
    ],
    ['a payload that is a list', { head: changes[0]?.head, payload: '[]' }],
    ['a head without an id', { head: '{}', payload: '{}' }],
    ['a text that is not canonical', { head: `${changes[0]?.head} `, payload: '{}' }],
    [
      'nesting without end',
      {
        head: changes[0]?.head,
        payload: `{"text":{"saw":[],"value":${'['.repeat(9_000)}${']'.repeat(9_000)}}}`,
      },
    ],
  ])('is refused with %s', (_what, texts) => {
    const sealed = { head: texts.head ?? '', payload: texts.payload, salt: '' };
    expect(() => readChange(sealed)).toThrow(
      expect.objectContaining({ code: 'change.malformed' }) as TmaError,
    );
  });

  it('has no field of a name that would be a trap in JavaScript', () => {
    const payload = '{"__proto__":{"saw":[],"value":{"admin":true}}}';
    const { fields } = readChange({ head: changes[0]?.head ?? '', payload, salt: '' });
    expect(Object.keys(fields)).toEqual([]);
    expect('admin' in fields).toBe(false);
  });

  it('may hold 256 KiB and no more, counted in bytes', () => {
    const fits = 'ü'.repeat(maxChangeBytes / 2 - 20);
    expect(() => write(1, fits)).not.toThrow();
    expect(() => write(1, `${fits}${'ü'.repeat(20)}`)).toThrow(
      expect.objectContaining({ code: 'input.too-large' }) as TmaError,
    );
  });
});

describe('a segment', () => {
  it('is accepted as its device signed it, and gives the chain point of every change', () => {
    const points = verifySegment(segment, signer.publicKey, crypto);
    expect(points.map((point) => point.n)).toEqual([1, 2, 3]);
    expect(new Set(points.map((point) => point.hash)).size).toBe(3);
  });

  it('goes on where the one before ended, however a run is cut into segments', () => {
    const whole = verifySegment(segment, signer.publicKey, crypto);
    const property = fc.property(fc.integer({ min: 1, max: changes.length - 1 }), (cut) => {
      const first = signSegment(
        { caseId, device, prev: chainStart, changes: changes.slice(0, cut) },
        signer,
        crypto,
      );
      const firstPoints = verifySegment(first, signer.publicKey, crypto);
      const prev = firstPoints.at(-1) ?? chainStart;
      const second = signSegment({ caseId, device, prev, changes: changes.slice(cut) }, signer, crypto);
      expect([...firstPoints, ...verifySegment(second, signer.publicKey, crypto)]).toEqual(whole);
    });
    fc.assert(property, { seed: 20_261_123, numRuns: 10 });
  });

  it.each([0, 1, 2])('shows every single bit changed in the texts and the salt of change %i', (index) => {
    const change = segment.changes[index];
    for (const part of ['head', 'payload', 'salt'] as const) {
      for (const text of oneBitOff(change?.[part] ?? '')) {
        expect(verdict(withChange(index, { [part]: text })), `${part}: ${text}`).toBe('refused');
      }
    }
  });

  it('shows every single bit changed in its hash before, its signature, its device and its case', () => {
    for (const part of ['prev', 'sig', 'device', 'case'] as const) {
      for (const text of oneBitOff(segment[part])) {
        expect(verdict({ ...segment, [part]: text }), `${part}: ${text}`).not.toBe('accepted');
      }
    }
  });

  it('shows a number changed, a change left out, repeated, added or moved', () => {
    const [one, two, three] = segment.changes;
    for (let bit = 0; bit < 32; bit++)
      expect(verdict({ ...segment, from: (1 ^ (1 << bit)) >>> 0 })).toBe('refused');
    for (const list of [
      [one, two],
      [two, three],
      [one, three],
      [one, one, two, three],
      [one, three, two],
      [two, one, three],
      [],
    ]) {
      expect(verdict({ ...segment, changes: list })).toBe('refused');
    }
    expect(verdict({ ...segment, changes: [one, two, three, three] })).toBe('refused');
  });

  it('shows a head and a payload exchanged between two changes', () => {
    const [one, two] = segment.changes;
    expect(verdict(withChange(0, { head: two?.head ?? '' }))).toBe('refused');
    expect(verdict(withChange(0, { payload: two?.payload ?? '' }))).toBe('refused');
    // The border between the hashed texts cannot be moved either.
    expect(verdict(withChange(0, { head: `${one?.head}${one?.payload}`, payload: '' }))).toBe('refused');
  });

  it('is not accepted from another key, nor with a key or signature that is none', () => {
    const by = (key: Uint8Array) => () => verifySegment(segment, key, crypto);
    for (const key of [stranger.publicKey, new Uint8Array(32), new Uint8Array(31), new Uint8Array()]) {
      expect(by(key)).toThrow(expect.objectContaining({ code: 'change.signature-invalid' }) as TmaError);
    }
    expect(verdict({ ...segment, sig: toBase64Url(new Uint8Array(64)) })).toBe('refused');
  });

  it('cannot pass its signature off as that of a log head, or the other way round', () => {
    const signed = signHead(caseId, { position: 3, running: segment.prev }, signer);
    expect(verdict({ ...segment, sig: signed.sig })).toBe('refused');
    expect(isHeadSigned({ ...signed, sig: segment.sig }, signer.publicKey, crypto)).toBe(false);
  });
});

describe('the log of a case', () => {
  const hashes = verifySegment(segment, signer.publicKey, crypto).map((point) => point.hash);
  const arrivals = hashes.map((changeHash, index) => ({
    changeHash,
    status: index === 1 ? ('quarantined' as const) : ('applied' as const),
    effective: [1_763_880_000_000 + index, index] as const,
    receivedAtMs: 1_763_880_001_000,
  }));
  const run = (list: typeof arrivals): LogHead =>
    list.reduce((log, arrival) => extendLog(log, arrival, crypto), emptyLog);
  const whole = run(arrivals);

  it('counts positions from 1', () => expect(whole.position).toBe(3));

  it('contradicts itself when an entry is left out, moved, or judged otherwise', () => {
    const [a, b, c] = arrivals;
    if (a === undefined || b === undefined || c === undefined) throw new Error('three arrivals');
    const others = [
      run([a, c, b]),
      run([a, b, b]),
      run([{ ...a, status: 'quarantined' }, b, c]),
      run([a, { ...b, status: 'applied' }, c]),
      run([a, b, { ...c, effective: [c.effective[0] + 1, c.effective[1]] }]),
      run([a, b, { ...c, effective: [c.effective[0], c.effective[1] + 1] }]),
      run([a, b, { ...c, receivedAtMs: c.receivedAtMs + 1 }]),
      run([a, b, { ...c, changeHash: a.changeHash }]),
    ];
    for (const other of others) expect(other.running).not.toBe(whole.running);
    expect(run([a, b]).running).not.toBe(whole.running);
  });

  it('has a head that only the service can sign, for one case, one position, one past', () => {
    const signed = signHead(caseId, whole, signer);
    expect(isHeadSigned(signed, signer.publicKey, crypto)).toBe(true);
    expect(isHeadSigned(signed, stranger.publicKey, crypto)).toBe(false);
    expect(isHeadSigned({ ...signed, position: 2 }, signer.publicKey, crypto)).toBe(false);
    expect(isHeadSigned({ ...signed, running: emptyLog.running }, signer.publicKey, crypto)).toBe(false);
    const other = '01900000-0000-7000-8000-ca0000000002' as unknown as CaseId;
    expect(isHeadSigned({ ...signed, case: other }, signer.publicKey, crypto)).toBe(false);
    expect(isHeadSigned({ ...signed, sig: 'x'.repeat(86) }, signer.publicKey, crypto)).toBe(false);
  });
});

describe('the worked example of the protocol', () => {
  it('has exactly these bytes', () => {
    expect(changes[0]).toMatchInlineSnapshot(`
      {
        "head": "{"at":[1763880000000,0],"id":"01900000-0000-7000-8000-c00000000001","kind":"observation","op":"create","record":"01900000-0000-7000-8000-e00000000001","schema":1,"seen":[0,""]}",
        "payload": "{"text":{"saw":[],"value":"Tür offen"}}",
        "salt": "BQUFBQUFBQUFBQUFBQUFBQ",
      }
    `);
    expect(segment.sig).toMatchInlineSnapshot(
      `"okyn9HbAnYFVIp4uxN_89sHEeQZAGsYWjZL9NsUL9E80A-yCG8gj6lgyNvQ5-zUPQ_LCFS3kxY2nniaZ-RCmBg"`,
    );
    const [point] = verifySegment(segment, signer.publicKey, crypto);
    const hexOf = (text: string | undefined) => Buffer.from(text ?? '', 'base64url').toString('hex');
    expect(hexOf(point?.hash)).toMatchInlineSnapshot(
      `"f1e7dafbdd687b80f1740112918c8d98aef5e0aef46abb926de5930c8bad60cb"`,
    );
    expect(hexOf(point?.hash)).toBe(hashFromTheText(changes[0]));
    const log = extendLog(
      emptyLog,
      {
        changeHash: point?.hash ?? '',
        status: 'applied',
        effective: [1_763_880_000_000, 0],
        receivedAtMs: 1_763_880_001_000,
      },
      crypto,
    );
    expect(hexOf(log.running)).toMatchInlineSnapshot(
      `"924fb4ea0bff3b1d2732a59eb6bd30eff948a49ed61a7a5e2f7c84eac1fdc8ff"`,
    );
    expect(hexOf(toBase64Url(signer.publicKey))).toMatchInlineSnapshot(
      `"ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c"`,
    );
    expect(signHead(caseId, log, signer).sig).toMatchInlineSnapshot(
      `"shQsWUkKNnAmVPNGssXdjl2zu5Fc4-g7UoOAsSObA58oG1C4WlRI_sajyap-d_cfvnrA4wBYv-nnw7pVW4Q7DA"`,
    );
  });
});

/** The first change's hash, computed from the words of `change.ts` with nothing of its code. */
function hashFromTheText(change: SealedChange | undefined): string {
  const sha256 = (...parts: readonly (string | Buffer)[]) =>
    createHash('sha256')
      .update(Buffer.concat(parts.map((part) => Buffer.from(part as string))))
      .digest();
  const uuid = (text: string) => Buffer.from(text.replaceAll('-', ''), 'hex');
  const { head: headText = '', payload = '', salt = '' } = change ?? {};
  const payloadHash = sha256('tma/payload/1', Buffer.from(salt, 'base64url'), payload);
  const n = Buffer.from([0, 0, 0, 1]);
  return sha256(
    'tma/change/1',
    uuid(caseId),
    uuid(device),
    n,
    Buffer.alloc(32),
    payloadHash,
    headText,
  ).toString('hex');
}
