/**
 * Whether a page of a case's log may be believed. Pure.
 *
 * Everything the service says is checked against what is already here: every change continues its device's chain
 * and is covered by that device's signature; positions are gapless; the running hash leads from our cursor to a
 * head that the service signed, and passes through every head it signed before. What fails contradicts the log
 * (`service.log-contradicts`: left out, moved, altered, forked, rolled back) or was never one
 * (`service.answer-invalid`), and none of the page is used.
 */
import { fromBase64Url } from '../../../shared/bytes.ts';
import { compartmentsOfKind, rightTo } from '../../../shared/domain/reading.ts';
import { type ErrorCode, TmaError } from '../../../shared/errors.ts';
import type { CaseId, DeviceId } from '../../../shared/ids.ts';
import {
  type ChainPoint,
  chainStart,
  isWithheld,
  type ReadChange,
  readFields,
  readHead,
  type SealedChange,
} from '../../../shared/sync/change.ts';
import type { SyncCrypto } from '../../../shared/sync/crypto.ts';
import {
  extendLog,
  isHeadSigned,
  type LogEntry,
  type LogHead,
  type SignedHead,
} from '../../../shared/sync/log.ts';
import { chainChanges, isSignedBy } from '../../../shared/sync/segment.ts';
import type { CaseAccess, CasePage, LogRun } from '../../../shared/sync/wire.ts';
import { leadAccess } from '../storage/caseAccess.ts';
import type { VerifiedPage } from '../storage/logPort.ts';

/** Where a case's log stands on this laptop. */
export interface LogHere {
  readonly cursor: LogHead;
  /** The last head the service signed, at or beyond the cursor. */
  readonly kept: SignedHead | null;
  /** How far the service had signed when it was asked for the page; a push may have been answered since. */
  readonly signedWhenAsked?: number;
  /** The last chain point of each device in the log. */
  readonly points: ReadonlyMap<DeviceId, ChainPoint>;
}

export interface Verifier {
  /** Public keys by device, base64url. */
  readonly keys: ReadonlyMap<DeviceId, string>;
  /** Verifies signed heads. */
  readonly serviceKey: Uint8Array;
  readonly crypto: SyncCrypto;
}

export type PageVerdict =
  | { readonly outcome: 'verified'; readonly page: VerifiedPage }
  /** The directory here is older than the page. */
  | { readonly outcome: 'unknown-device'; readonly device: DeviceId }
  | { readonly outcome: 'refused'; readonly code: ErrorCode };

export function verifyPage(page: CasePage, here: LogHere, verifier: Verifier): PageVerdict {
  const unknown = page.runs.find((run) => !verifier.keys.has(run.device));
  if (unknown !== undefined) return { outcome: 'unknown-device', device: unknown.device };
  try {
    if (page.head.case !== page.case || !isHeadSigned(page.head, verifier.serviceKey, verifier.crypto)) {
      throw new TmaError('service.answer-invalid');
    }
    const points = verifyRuns(page, here, verifier);
    const cursor = followLog(page, { points, here, crypto: verifier.crypto });
    const changes = page.runs.map((run) =>
      run.changes.map((sealed, i) => read(sealed, run.entries[i], page.access ?? leadAccess)),
    );
    return { outcome: 'verified', page: { page, points, changes, cursor } };
  } catch (thrown) {
    if (thrown instanceof TmaError) return { outcome: 'refused', code: thrown.code };
    throw thrown;
  }
}

type Points = readonly (readonly ChainPoint[])[];

function verifyRuns(page: CasePage, here: LogHere, verifier: Verifier): Points {
  const ends = new Map(here.points);
  return page.runs.map((run) => {
    const points = verifyRun(page.case, run, { prev: ends.get(run.device) ?? chainStart, verifier });
    const end = points.at(-1);
    if (end !== undefined) ends.set(run.device, end);
    return points;
  });
}

interface RunContext {
  readonly prev: ChainPoint;
  readonly verifier: Verifier;
}

/** A run is the part of one signed segment that was new when it arrived, so it ends where the signature ends. */
function verifyRun(caseId: CaseId, run: LogRun, { prev, verifier }: RunContext): readonly ChainPoint[] {
  if (run.n !== prev.n + 1) throw new TmaError('service.log-contradicts');
  const { device, changes, signed } = run;
  const points = chainChanges({ caseId, device, prev, changes }, verifier.crypto);
  const last = points.at(-1);
  const key = fromBase64Url(verifier.keys.get(device) ?? '');
  const isWhole = last !== undefined && run.entries.length === changes.length;
  if (!isWhole || key === undefined || signed.to !== last.n || signed.from > run.n) {
    throw new TmaError('service.answer-invalid');
  }
  // A segment that began before the run vouches for its own beginning; ours is known only from the run on.
  const begin = signed.from === run.n ? prev : { n: signed.from - 1, hash: signed.prev };
  if (!isSignedBy({ caseId, device, prev: begin, last, sig: signed.sig }, key, verifier.crypto)) {
    throw new TmaError('change.signature-invalid');
  }
  return points;
}

interface Following {
  readonly points: Points;
  readonly here: LogHere;
  readonly crypto: SyncCrypto;
}

function followLog(page: CasePage, { points, here, crypto }: Following): LogHead {
  const { head } = page;
  const witnesses = here.kept === null ? [head] : [head, here.kept];
  let log: LogHead = here.cursor;
  assertAgrees(log, witnesses);
  for (const [r, run] of page.runs.entries()) {
    for (const [i, entry] of run.entries.entries()) {
      if (entry.position !== log.position + 1) throw new TmaError('service.log-contradicts');
      const { status, effective, receivedAtMs } = entry;
      const changeHash = points[r]?.[i]?.hash ?? '';
      log = extendLog(log, { changeHash, status, effective, receivedAtMs }, crypto);
      assertAgrees(log, witnesses);
    }
  }
  // A page that is not the last is signed at its own end or further on, and has to bring something.
  if (page.more && log.position === here.cursor.position) throw new TmaError('service.answer-invalid');
  const reaches = page.more ? log.position <= head.position : log.position === head.position;
  const isShorter = !page.more && head.position < (here.signedWhenAsked ?? here.kept?.position ?? 0);
  if (!reaches || isShorter) throw new TmaError('service.log-contradicts');
  return log;
}

/** A signed head for exactly this position has to name exactly this past. */
function assertAgrees(log: LogHead, witnesses: readonly SignedHead[]): void {
  if (witnesses.some((head) => head.position === log.position && head.running !== log.running)) {
    throw new TmaError('service.log-contradicts');
  }
}

/**
 * A refused change may be one that cannot be read, or came sealed; it is kept, but says nothing. So is one that counts
 * and that the person does not read; of what they do read nothing may be left out.
 */
function read(sealed: SealedChange, entry: LogEntry | undefined, access: CaseAccess): ReadChange {
  const head = readHead(sealed.head);
  if (isWithheld(sealed) && entry?.status !== 'quarantined') {
    if (!mayBeWithheld(access, head.kind)) throw new TmaError('service.answer-invalid');
    return { head, fields: {} };
  }
  if (entry?.status !== 'quarantined') return { head, fields: readFields(sealed.payload) };
  try {
    return { head, fields: readFields(sealed.payload) };
  } catch {
    return { head, fields: {} };
  }
}

function mayBeWithheld({ sections, compartments, glass }: CaseAccess, kind: string): boolean {
  if (rightTo(sections, kind) === undefined) return true;
  const open = [...compartments, ...glass.map(({ compartment }) => compartment)];
  return compartmentsOfKind(kind).some((compartment) => !open.includes(compartment));
}
