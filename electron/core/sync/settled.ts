/**
 * What the answer to a push says about the log. Where own changes went in right behind what is here, and nothing of
 * others stands between, the laptop knows everything the log now holds: it need not pull its own words again. Pure.
 *
 * Believed is only what the signed head covers: the running hash from our cursor over these changes has to be the
 * head's. Everything else is left to the next pull, which finds out what it means.
 */
import type { CaseId, DeviceId } from '../../../shared/ids.ts';
import { type ChainPoint, stampOf } from '../../../shared/sync/change.ts';
import { effectiveStamp } from '../../../shared/sync/clock.ts';
import type { SyncCrypto } from '../../../shared/sync/crypto.ts';
import {
  emptyLog,
  extendLog,
  type LogEntry,
  type LogHead,
  type SignedHead,
} from '../../../shared/sync/log.ts';
import type { Segment } from '../../../shared/sync/segment.ts';
import type { PushedChange, SegmentOutcome } from '../../../shared/sync/wire.ts';

/** Own changes with their places in the log. */
export interface SettledRun {
  readonly caseId: CaseId;
  readonly device: DeviceId;
  readonly number: string;
  /** Number of the first change in the device's chain. */
  readonly n: number;
  readonly entries: readonly LogEntry[];
  readonly signed: {
    readonly from: number;
    readonly to: number;
    readonly prev: string;
    readonly sig: string;
  };
  /** Where the log has to stand for the run to follow on it, and where it stands then. */
  readonly after: LogHead;
  readonly cursor: LogHead;
}

export interface Pushed {
  readonly segment: Segment;
  readonly points: readonly ChainPoint[];
  readonly outcome: SegmentOutcome;
  /** Where the case's log stands here, with the last head kept; `undefined` where there is none yet. */
  readonly here: (LogHead & { readonly head: SignedHead | null }) | undefined;
}

export function settledRun(pushed: Pushed, crypto: SyncCrypto): SettledRun | undefined {
  const { segment, points, outcome, here } = pushed;
  if (outcome.outcome !== 'taken' || outcome.number === undefined) return undefined;
  const { position, running } = here ?? emptyLog;
  const after = { position, running };
  if (outcome.head.position !== after.position + points.length) return undefined;
  const entries: LogEntry[] = [];
  let cursor: LogHead = after;
  for (const [i, told] of outcome.changes.entries()) {
    const entry = entryOf(told, segment.changes[i]?.head ?? '');
    const changeHash = points[i]?.hash;
    if (entry?.position !== cursor.position + 1 || changeHash === undefined) return undefined;
    cursor = extendLog(cursor, { ...entry, changeHash }, crypto);
    if (contradicts(cursor, here?.head ?? null)) return undefined;
    entries.push(entry);
  }
  const isWhole = cursor.position === outcome.head.position && cursor.running === outcome.head.running;
  if (!isWhole || (here?.head?.position ?? 0) > cursor.position) return undefined;
  const { from, prev, sig } = segment;
  const signed = { from, to: from + points.length - 1, prev, sig };
  const { case: caseId, device } = segment;
  return { caseId, device, number: outcome.number, n: from, entries, signed, after, cursor };
}

/** `undefined` where the service did not say when it received the change. */
function entryOf(told: PushedChange, head: string): LogEntry | undefined {
  const { position, code, receivedAtMs } = told;
  const at = stampOf(head);
  if (receivedAtMs === undefined || at === undefined) return undefined;
  const effective = effectiveStamp(at, receivedAtMs);
  const entry = { position, effective, receivedAtMs };
  return code === undefined ? { ...entry, status: 'applied' } : { ...entry, status: 'quarantined', code };
}

function contradicts(log: LogHead, kept: SignedHead | null): boolean {
  return kept !== null && kept.position === log.position && kept.running !== log.running;
}
