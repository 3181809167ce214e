/**
 * Checks the log of one case with nothing but the log: that every entry is what its device wrote, that nothing was
 * left out, moved, added or cut off, and that this is the log the service signed and had witnessed. Pure.
 *
 * In the order of positions, so that what is reported is the first break:
 *   positions without a gap → each change's hash → each device's chain → running hash → signed heads at their
 *   positions → each device's signatures → the end → what was signed or witnessed beyond it
 */
import { fromBase64Url } from '../bytes.ts';
import { TmaError } from '../errors.ts';
import type { CaseId, DeviceId } from '../ids.ts';
import { type ChainPoint, chainChange, chainStart, withheldChange } from '../sync/change.ts';
import type { SyncCrypto } from '../sync/crypto.ts';
import { emptyLog, extendLog, isHeadSigned, type LogHead, type SignedHead } from '../sync/log.ts';
import { isSignedBy } from '../sync/segment.ts';
import { type Break, type BreakKind, Broken, unlessBroken } from './breaks.ts';
import type { ChainFile, EntryLine, SegmentLine } from './chainFile.ts';
import { checkWitnessed, type WitnessStatement } from './witness.ts';

export interface ChainExpectation {
  readonly crypto: SyncCrypto;
  /** From elsewhere than the file; left out, the file's own key is believed. */
  readonly serviceKey?: string;
  readonly caseId?: CaseId;
  /** The log may go on where it is kept: no signed head is asked for at its end here. */
  readonly goesOn?: true;
  /** Heads somebody saw and kept. */
  readonly seen?: readonly SignedHead[];
}

export interface SoundChain {
  readonly outcome: 'sound';
  readonly entries: number;
  readonly quarantined: number;
  readonly devices: number;
  readonly signatures: number;
  readonly head: LogHead;
  /** What the newest statement said of the log, where the file proves one. */
  readonly witnessed: { readonly statement: WitnessStatement; readonly position: number } | null;
}
export type ChainVerdict = SoundChain | { readonly outcome: 'broken'; readonly at: Break };

export function verifyChain(file: ChainFile, expected: ChainExpectation): ChainVerdict {
  return unlessBroken(() => new Check(file, expected).run());
}

class Check {
  readonly #file: ChainFile;
  readonly #expected: ChainExpectation;
  readonly #serviceKey: Uint8Array;
  readonly #keys: ReadonlyMap<DeviceId, Uint8Array | undefined>;
  /** The chain of each device from its first change on. */
  readonly #chains = new Map<DeviceId, ChainPoint[]>();
  /** Where each change of a device stands in the log. */
  readonly #places = new Map<DeviceId, number[]>();
  readonly #runnings: string[] = [emptyLog.running];
  readonly #headsAt: ReadonlyMap<number, readonly SignedHead[]>;
  readonly #seenAt: ReadonlyMap<number, readonly SignedHead[]>;

  constructor(file: ChainFile, expected: ChainExpectation) {
    this.#file = file;
    this.#expected = expected;
    this.#serviceKey = fromBase64Url(expected.serviceKey ?? file.head.serviceKey) ?? new Uint8Array();
    this.#headsAt = Map.groupBy(file.heads, (head) => head.position);
    this.#seenAt = Map.groupBy(expected.seen ?? [], (head) => head.position);
    this.#keys = new Map(file.devices.map(({ id, key }) => [id, fromBase64Url(key)]));
  }

  run(): SoundChain {
    const { head } = this.#file;
    const { caseId, serviceKey } = this.#expected;
    if (caseId !== undefined && caseId !== head.case) fail('swapped');
    if (serviceKey !== undefined && serviceKey !== head.serviceKey) fail('swapped');
    this.#checkHeads();
    for (const entry of this.#file.entries) this.#follow(entry);
    this.#checkSignatures();
    this.#checkEnd();
    const witnessed = this.#checkWitnesses();
    return {
      outcome: 'sound',
      entries: this.#last,
      quarantined: this.#file.entries.filter(({ status }) => status === 'quarantined').length,
      devices: this.#chains.size,
      signatures: this.#file.segments.length,
      head: { position: this.#last, running: this.#runnings[this.#last] ?? emptyLog.running },
      witnessed,
    };
  }

  get #last(): number {
    return this.#runnings.length - 1;
  }

  #checkHeads(): void {
    for (const head of [...this.#file.heads, ...(this.#expected.seen ?? [])]) {
      if (head.case !== this.#file.head.case) fail('swapped', { position: head.position });
      if (!isHeadSigned(head, this.#serviceKey, this.#expected.crypto))
        fail('signature', { position: head.position });
    }
  }

  #follow(entry: EntryLine): void {
    const { position, n } = entry;
    this.#checkPlace(entry);
    const { crypto } = this.#expected;
    const chain = this.#chains.get(entry.device) ?? [];
    const prev = chain.at(-1) ?? chainStart;
    if (n <= prev.n) fail('forked', { position, n });
    if (n > prev.n + 1)
      fail(this.#isLater(entry, prev.n + 1) ? 'reordered' : 'omitted', { position, n: prev.n + 1 });
    const point = this.#pointOf(entry, prev);
    if (point.hash !== entry.hash || entry.contentAltered === true) fail('edited', { position, n });
    this.#chains.set(entry.device, pushed(chain, point));
    this.#places.set(entry.device, pushed(this.#places.get(entry.device) ?? [], position));
    const { status, effective, receivedAtMs } = entry;
    const before = { position: this.#last, running: this.#runnings.at(-1) ?? emptyLog.running };
    const arrival = { changeHash: point.hash, status, effective, receivedAtMs };
    this.#runnings.push(extendLog(before, arrival, crypto).running);
    this.#checkAgainstHeads(position);
  }

  /** Whether that change of the same device stands further on. */
  #isLater({ device, position }: EntryLine, n: number): boolean {
    const isIt = (other: EntryLine) => other.device === device && other.n === n && other.position > position;
    return this.#file.entries.some(isIt);
  }

  #pointOf({ device, head, payloadHash, position, n }: EntryLine, prev: ChainPoint): ChainPoint {
    const { crypto } = this.#expected;
    try {
      const place = { caseId: this.#file.head.case, device, prev };
      return chainChange(withheldChange(head, payloadHash), place, crypto);
    } catch (error) {
      // A hash that is none.
      if (error instanceof TmaError) fail('edited', { position, n });
      throw error;
    }
  }

  #checkPlace({ position }: EntryLine): void {
    const wanted = this.#last + 1;
    if (position === wanted) return;
    const comesLater = this.#file.entries.some((other) => other.position === wanted);
    if (position < wanted) fail('reordered', { position });
    fail(comesLater ? 'reordered' : 'omitted', { position: wanted });
  }

  /** A head the service signed for exactly this position names exactly this past. */
  #checkAgainstHeads(position: number): void {
    const running = this.#runnings[position];
    const differs = (head: SignedHead) => head.running !== running;
    if (this.#headsAt.get(position)?.some(differs) === true) fail('edited', { position });
    if (this.#seenAt.get(position)?.some(differs) === true) fail('forked', { position });
  }

  #checkSignatures(): void {
    const covered = new Map<DeviceId, Set<number>>();
    const failures: Break[] = [];
    const isCut = ({ device, to }: SegmentLine) => (this.#places.get(device)?.length ?? 0) < to;
    if (this.#file.segments.some(isCut)) fail('truncated', { position: this.#last + 1 });
    for (const segment of this.#file.segments) {
      const places = this.#places.get(segment.device) ?? [];
      if (!this.#isSigned(segment)) {
        failures.push({
          kind: 'unsigned',
          position: places[segment.from - 1] ?? this.#last + 1,
          n: segment.from,
        });
        continue;
      }
      const numbers = covered.get(segment.device) ?? new Set();
      for (let n = segment.from; n <= segment.to; n += 1) numbers.add(n);
      covered.set(segment.device, numbers);
    }
    for (const [device, places] of this.#places) {
      const open = places.findIndex((_place, index) => covered.get(device)?.has(index + 1) !== true);
      if (open >= 0) failures.push({ kind: 'unsigned', position: places[open] ?? 0, n: open + 1 });
    }
    const [first] = failures.sort((a, b) => (a.position ?? 0) - (b.position ?? 0));
    if (first !== undefined) throw new Broken(first);
  }

  #isSigned({ device, from, to, prev, sig }: SegmentLine): boolean {
    const chain = this.#chains.get(device) ?? [];
    const before = from === 1 ? chainStart : chain[from - 2];
    const last = chain[to - 1];
    const key = this.#keys.get(device);
    if (key === undefined || last === undefined || before?.hash !== prev || from > to) return false;
    const run = { caseId: this.#file.head.case, device, prev: before, last, sig };
    return isSignedBy(run, key, this.#expected.crypto);
  }

  #checkEnd(): void {
    const { head, end, heads } = this.#file;
    const position = this.#last + 1;
    if (heads.some((signed) => signed.position > this.#last)) fail('truncated', { position });
    if (end === undefined || head.entries > this.#last || end.entries > this.#last)
      fail('truncated', { position });
    if (this.#expected.seen?.some((signed) => signed.position > this.#last) === true)
      fail('rolled-back', { position });
    const { goesOn } = this.#expected;
    if (goesOn !== true && !heads.some((signed) => signed.position === this.#last))
      fail('truncated', { position });
  }

  #checkWitnesses(): SoundChain['witnessed'] {
    const { head, witnesses } = this.#file;
    let newest: SoundChain['witnessed'] = null;
    for (const { type: _, ...witnessed } of witnesses) {
      const { position, running } = witnessed;
      const by = { serviceKey: this.#serviceKey, crypto: this.#expected.crypto };
      const statement = checkWitnessed(head.case, witnessed, by);
      if (statement === 'signature') fail('signature', { position });
      if (statement === 'inclusion') fail('unproved', { position });
      if (statement.tenant !== head.tenant) fail('swapped', { position });
      if (position > this.#last) fail('rolled-back', { position: this.#last + 1 });
      if (this.#runnings[position] !== running) fail('forked', { position });
      if (newest === null || newest.statement.hour < statement.hour) newest = { statement, position };
    }
    return newest;
  }
}

function fail(kind: BreakKind, where: Omit<Break, 'kind'> = {}): never {
  throw new Broken({ kind, ...where });
}

function pushed<T>(list: T[], one: T): T[] {
  list.push(one);
  return list;
}
