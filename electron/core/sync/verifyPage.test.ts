import { beforeEach, describe, expect, it } from 'vitest';
import { nodeCrypto, signerFromSeed } from '../../../platform/crypto.ts';
import { toBase64Url } from '../../../shared/bytes.ts';
import type { CaseId, ChangeId, DeviceId, RecordId, UserId } from '../../../shared/ids.ts';
import { type ChainPoint, chainStart, type SealedChange, sealChange } from '../../../shared/sync/change.ts';
import { emptyLog, extendLog, signHead } from '../../../shared/sync/log.ts';
import { type SegmentDraft, signSegment } from '../../../shared/sync/segment.ts';
import type { CasePage, LogRun } from '../../../shared/sync/wire.ts';
import { SmallService } from '../../../tools/support/small-service.ts';
import { type LogHere, type PageVerdict, type Verifier, verifyPage } from './verifyPage.ts';

const id = <T extends string>(letter: string, n: number) =>
  `01900000-0000-7000-8000-${letter}${String(n).padStart(11, '0')}` as unknown as T;
const caseId = id<CaseId>('c', 1);
const devices = [1, 2].map((n) => ({
  id: id<DeviceId>('d', n),
  user: id<UserId>('a', n),
  signer: signerFromSeed(new Uint8Array(32).fill(n)),
}));
const serviceSigner = signerFromSeed(new Uint8Array(32).fill(99));
const verifier: Verifier = {
  keys: new Map(devices.map((device) => [device.id, toBase64Url(device.signer.publicKey)])),
  serviceKey: serviceSigner.publicKey,
  crypto: nodeCrypto,
};
const nothing: LogHere = { cursor: emptyLog, kept: null, points: new Map() };

let service: SmallService;
let ends: Map<number, ChainPoint>;
let written: number;

beforeEach(() => {
  service = new SmallService({ signer: serviceSigner, crypto: nodeCrypto, nowMs: () => 1_763_880_000_000 });
  for (const { signer, ...device } of devices) service.enrol({ ...device, publicKey: signer.publicKey });
  ends = new Map();
  written = 0;
});

function change(): SealedChange {
  written += 1;
  const head = {
    id: id<ChangeId>('e', written),
    record: id<RecordId>('b', 1),
    kind: 'note',
    op: 'create',
    at: [1_763_880_000_000 + written, 0],
    schema: 1,
    seen: [0, ''],
  } as const;
  return sealChange({ head, fields: { text: { value: `words ${written}`, saw: [] } } }, nodeCrypto);
}

/** A device hands in so many changes, from where its chain stands. */
function hand(index: number, count: number): SegmentDraft {
  const device = devices[index];
  if (device === undefined) throw new Error('no such device');
  const prev = ends.get(index) ?? chainStart;
  const draft = { caseId, device: device.id, prev, changes: Array.from({ length: count }, change) };
  const segment = signSegment(draft, device.signer, nodeCrypto);
  service.push({ epoch: service.epoch, segments: [segment] });
  const runs = service.page(caseId, 0).runs.filter((run) => run.device === device.id);
  const verdict = verifyPage(service.page(caseId, 0), nothing, verifier);
  const end = verdict.outcome === 'verified' ? verdict.page.points.flat() : [];
  const own = end.filter((_point, at) => deviceAt(at) === device.id);
  ends.set(index, own.at(-1) ?? prev);
  expect(runs.length).toBeGreaterThan(0);
  return draft;
}

function deviceAt(at: number): DeviceId | undefined {
  return service.page(caseId, 0).runs.flatMap((run) => run.changes.map(() => run.device))[at];
}

function verified(verdict: PageVerdict) {
  if (verdict.outcome !== 'verified') throw new Error(JSON.stringify(verdict));
  return verdict.page;
}

/** Where a laptop stands that has applied this page. */
function standing(page: CasePage, before: LogHere = nothing): LogHere {
  const { cursor, points } = verified(verifyPage(page, before, verifier));
  const chain = new Map(before.points);
  for (const [at, run] of page.runs.entries()) chain.set(run.device, points[at]?.at(-1) ?? chainStart);
  return { cursor, kept: page.head, points: chain };
}

const refusal = (code: string) => ({ outcome: 'refused', code });
const withRun = (page: CasePage, at: number, part: Partial<LogRun>): CasePage => ({
  ...page,
  runs: page.runs.map((run, index) => (index === at ? { ...run, ...part } : run)),
});
const swap = <T>(list: readonly T[], a: number, b: number): T[] => {
  const next = [...list];
  [next[a], next[b]] = [next[b] as T, next[a] as T];
  return next;
};

describe('a page of a log that is in order', () => {
  it('is believed, and says where the log stands after it', () => {
    hand(0, 2);
    hand(1, 3);
    hand(0, 1);
    const page = verified(verifyPage(service.page(caseId, 0), nothing, verifier));
    expect(page.cursor.position).toBe(6);
    expect(page.points.map((run) => run.map((point) => point.n))).toEqual([[1, 2], [1, 2, 3], [3]]);
    expect(page.changes.flat()).toHaveLength(6);
    expect(page.changes[0]?.[0]?.fields.text?.value).toBe('words 1');
  });

  it('is believed page by page, with the head beyond the page until the last', () => {
    for (let round = 0; round < 6; round++) hand(round % 2, 2);
    let here = nothing;
    let pages = 0;
    for (let more = true; more; pages++) {
      const page = service.page(caseId, here.cursor.position, 2_000);
      here = standing(page, here);
      more = page.more;
    }
    expect(pages).toBeGreaterThan(1);
    expect(here.cursor.position).toBe(12);
  });

  it('is believed where a resend overlapped: the signature covers more than the run', () => {
    const first = hand(0, 2);
    const device = devices[0];
    if (device === undefined) throw new Error('no device');
    const again = { ...first, changes: [...first.changes, change()] };
    service.push({ epoch: service.epoch, segments: [signSegment(again, device.signer, nodeCrypto)] });
    const page = service.page(caseId, 0);
    expect(page.runs[1]).toMatchObject({ n: 3, signed: { from: 1, to: 3 } });
    expect(verified(verifyPage(page, nothing, verifier)).cursor.position).toBe(3);
  });

  it('keeps what was refused, even where it cannot be read', () => {
    service.judge = () => 'change.malformed';
    const device = devices[0];
    if (device === undefined) throw new Error('no device');
    const broken = { ...change(), payload: 'not canonical' };
    const draft = { caseId, device: device.id, prev: chainStart, changes: [broken] };
    service.push({ epoch: service.epoch, segments: [signSegment(draft, device.signer, nodeCrypto)] });
    const page = verified(verifyPage(service.page(caseId, 0), nothing, verifier));
    expect(page.changes).toEqual([[expect.objectContaining({ fields: {} })]]);
  });
});

describe('a page from a device that is not in the directory', () => {
  it('asks for the directory rather than for belief', () => {
    hand(1, 1);
    const first = devices[0];
    const keys = new Map(first === undefined ? [] : [[first.id, toBase64Url(first.signer.publicKey)]]);
    const verdict = verifyPage(service.page(caseId, 0), nothing, { ...verifier, keys });
    expect(verdict).toEqual({ outcome: 'unknown-device', device: devices[1]?.id });
  });
});

describe('a service that changes the past', () => {
  let page: CasePage;
  const judge = (twisted: CasePage, here = nothing) => verifyPage(twisted, here, verifier);
  const code = (twisted: CasePage, here = nothing) => {
    const verdict = judge(twisted, here);
    return verdict.outcome === 'refused' ? verdict.code : verdict.outcome;
  };

  beforeEach(() => {
    hand(0, 2);
    hand(1, 2);
    hand(0, 2);
    page = service.page(caseId, 0);
  });

  it('is found out when it alters a change', () => {
    const run = page.runs[0];
    for (const part of ['head', 'payload', 'salt'] as const) {
      const changes = (run?.changes ?? []).map((sealed, at) =>
        at === 0
          ? { ...sealed, [part]: sealed[part].replace(/[0-9A-Za-z]/, (was) => (was === 'Z' ? 'Y' : 'Z')) }
          : sealed,
      );
      expect(code(withRun(page, 0, { changes }))).toMatch(/^change\.(signature-invalid|malformed)$/);
    }
  });

  it('is found out when it leaves out, repeats, moves or exchanges', () => {
    const [a, b, c] = page.runs;
    if (a === undefined || b === undefined || c === undefined) throw new Error('three runs');
    const twisted: CasePage[] = [
      { ...page, runs: [a, b] },
      { ...page, runs: [b, c] },
      { ...page, runs: [a, c] },
      { ...page, runs: [a, a, b, c] },
      { ...page, runs: [b, a, c] },
      { ...page, runs: [a, c, b] },
      withRun(page, 0, { changes: swap(a.changes, 0, 1) }),
      withRun(page, 0, { changes: a.changes.slice(0, 1), entries: a.entries.slice(0, 1) }),
      withRun(page, 0, { entries: a.entries.slice(0, 1) }),
      withRun(page, 1, { device: a.device }),
      withRun(page, 2, { n: 2 }),
    ];
    for (const one of twisted) expect(judge(one).outcome).toBe('refused');
  });

  it('is found out when it decides otherwise about a change, or says it came at another time', () => {
    const run = page.runs[0];
    const entry = run?.entries[0];
    if (run === undefined || entry === undefined) throw new Error('an entry');
    const others = [
      { status: 'quarantined' as const },
      { effective: [entry.effective[0] + 1, 0] as const },
      { receivedAtMs: entry.receivedAtMs + 1 },
      { position: 2 },
    ];
    for (const other of others) {
      const entries = [{ ...entry, ...other }, ...run.entries.slice(1)];
      expect(code(withRun(page, 0, { entries }))).toBe('service.log-contradicts');
    }
  });

  it('is found out when it shows a shorter past than it signed before', () => {
    const here = standing(page);
    const head = signHead(caseId, { position: 4, running: here.cursor.running }, serviceSigner);
    expect(code({ ...page, runs: [], head }, here)).toBe('service.log-contradicts');
  });

  it('is found out when it shows another past of the same length', () => {
    const here = standing(page);
    const fork = extendLog(
      { position: 5, running: emptyLog.running },
      { changeHash: here.cursor.running, status: 'applied', effective: [1, 0], receivedAtMs: 1 },
      nodeCrypto,
    );
    expect(code({ ...page, runs: [], head: signHead(caseId, fork, serviceSigner) }, here)).toBe(
      'service.log-contradicts',
    );
  });

  it('is found out when the log does not pass through a head it signed in an answer to a push', () => {
    const start = standing(service.page(caseId, 0));
    hand(1, 1);
    const kept = service.page(caseId, 0).head;
    const elsewhere = { ...kept, running: start.cursor.running };
    expect(code(service.page(caseId, 6), { ...start, kept })).toBe('verified');
    hand(1, 1);
    expect(code(service.page(caseId, 6), { ...start, kept: elsewhere })).toBe('service.log-contradicts');
  });

  it('may sign a page at its own end while a later head is known, but must come to that head', () => {
    const [a] = page.runs;
    if (a === undefined) throw new Error('a run');
    const start = { ...nothing, kept: page.head };
    const first = standing({ ...page, runs: [a], more: true });
    const early = signHead(caseId, first.cursor, serviceSigner);
    expect(code({ ...page, runs: [a], more: true, head: early }, start)).toBe('verified');
    expect(code({ ...page, runs: [a], more: false, head: early }, start)).toBe('service.log-contradicts');
    expect(code({ ...page, runs: [], more: true, head: early }, { ...first, kept: page.head })).toBe(
      'service.answer-invalid',
    );
  });

  it('may end before a head that was signed for a push of ours only after it was asked for', () => {
    const [a] = page.runs;
    if (a === undefined) throw new Error('a run');
    const first = standing({ ...page, runs: [a], more: true });
    const early = { ...page, runs: [a], more: false, head: signHead(caseId, first.cursor, serviceSigner) };
    const pushed = { ...nothing, kept: page.head };
    expect(code(early, { ...pushed, signedWhenAsked: 0 })).toBe('verified');
    expect(code(early, { ...pushed, signedWhenAsked: page.head.position })).toBe('service.log-contradicts');
  });

  it('is found out when the pages end before the head, or go beyond it', () => {
    const short = { ...page, runs: page.runs.slice(0, 2) };
    expect(code({ ...short, more: false })).toBe('service.log-contradicts');
    const early = signHead(caseId, { position: 1, running: emptyLog.running }, serviceSigner);
    expect(code({ ...short, more: true, head: early })).toBe('service.log-contradicts');
  });

  it('gets nowhere with a head that it did not sign', () => {
    const other = signHead(caseId, page.head, signerFromSeed(new Uint8Array(32).fill(98)));
    expect(judge({ ...page, head: other })).toEqual(refusal('service.answer-invalid'));
    const foreign = signHead(id<CaseId>('c', 2), page.head, serviceSigner);
    expect(judge({ ...page, head: foreign })).toEqual(refusal('service.answer-invalid'));
  });

  it('cannot pass off changes as those of another device', () => {
    const [a] = page.runs;
    if (a === undefined) throw new Error('a run');
    expect(judge(withRun({ ...page, runs: [a] }, 0, { device: devices[1]?.id ?? a.device })).outcome).toBe(
      'refused',
    );
  });
});
