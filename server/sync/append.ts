/** Numbers the decided changes and writes them down, with everything that follows from them. */

import { isHandedOver } from '../../shared/domain/rights.ts';
import { caseRecordId, type UserId } from '../../shared/ids.ts';
import { isWithheld } from '../../shared/sync/change.ts';
import { extendLog, type LogEntry, type LogHead, type SignedHead, signHead } from '../../shared/sync/log.ts';
import { registerBlobs } from '../blobs/registry.ts';
import type { Trx } from '../db/scope.ts';
import { readAccess } from './access.ts';
import type { AdmissionResult, AdmissionStart } from './admission.ts';
import { putIndex } from './caseIndex.ts';
import { type CasePlace, type KnownChange, putHead, type StoredRecord, takeNumber } from './caseStore.ts';
import type { SegmentPlan } from './chain.ts';
import type { Submitter, SyncContext } from './context.ts';
import { openGlass } from './glass.ts';
import { liveUsers, putTeam } from './grants.ts';
import type { OpenCase } from './openCase.ts';
import { type NewChange, type NewRun, writeLog } from './writeLog.ts';

export interface Appending {
  readonly context: SyncContext;
  readonly trx: Trx;
  readonly submitter: Submitter;
  readonly opened: OpenCase;
  readonly plans: readonly SegmentPlan[];
  readonly start: AdmissionStart;
  readonly result: AdmissionResult;
}

export interface News {
  readonly users: readonly UserId[];
  readonly intake: boolean;
}

export interface Appended {
  /** What became of the new changes, by their number in the device's chain. */
  readonly changes: ReadonlyMap<number, KnownChange>;
  readonly head: SignedHead;
  readonly number: string;
  /** Who has something new to pull. */
  readonly news: News;
}

export async function appendToLog(work: Appending): Promise<Appended> {
  const { context, trx, submitter, opened, start } = work;
  const place: CasePlace = { tenant: submitter.tenant, caseId: start.caseId };
  const ofDevice = { ...place, device: submitter.device };
  const { rows, head } = numbered(work);
  await writeLog(trx, ofDevice, {
    changes: rows,
    runs: runsOf(work.plans, rows),
    records: sealedRecords(work),
    position: head.position,
    receivedAtMs: start.nowMs,
  });
  await noteRecords(work, place);
  const team = await writeTeam(work, place);
  const { nowMs } = start;
  const breaking = { place, author: submitter, nowMs, position: opened.head.position };
  const told = await openGlass(trx, breaking, work.result);
  const news = { ...team, users: [...new Set([...team.users, ...told])] };
  // Last but the head: the row of the year's numbers is locked for all cases of the tenant.
  const year = new Date(start.nowMs).getUTCFullYear();
  const number = opened.number ?? (await takeNumber(trx, place.tenant, year));
  const signed = signHead(start.caseId, head, context.signer);
  await putHead(trx, place, { head, sig: signed.sig, number, nowMs: start.nowMs });
  const changes = new Map(
    rows.map(({ n, hash, entry }) => [
      n,
      {
        ...{ n, hash, position: entry.position, status: entry.status },
        code: entry.code ?? null,
        receivedAtMs: entry.receivedAtMs,
      },
    ]),
  );
  return { changes, head: signed, number, news };
}

/** Stands for the content of a change that came without it. */
const nothing = new Uint8Array();

function numbered({ context, opened, start, result }: Appending): {
  rows: readonly NewChange[];
  head: LogHead;
} {
  let head = opened.head;
  const rows = result.admitted.map(({ change, effective, code }): NewChange => {
    const { hash, n } = change.point;
    const status = code === undefined ? 'applied' : 'quarantined';
    const arrival = { changeHash: hash, status, effective, receivedAtMs: start.nowMs } as const;
    head = extendLog(head, arrival, context.crypto);
    const entry: LogEntry = {
      position: head.position,
      status,
      ...(code === undefined ? {} : { code }),
      effective,
      receivedAtMs: start.nowMs,
    };
    return {
      entry,
      running: head.running,
      changeId: change.head.id,
      n,
      hash,
      headText: change.sealed.head,
      payloadHash: change.payloadHash,
      sealed: isWithheld(change.sealed) ? nothing : opened.cipher.sealChange(change.sealed, head.position),
    };
  });
  return { rows, head };
}

/** One signed run for each segment that brought something new. */
function runsOf(plans: readonly SegmentPlan[], rows: readonly NewChange[]): readonly NewRun[] {
  const positions = new Map(rows.map(({ n, entry }) => [n, entry.position]));
  return plans.flatMap((plan): NewRun[] => {
    const first = plan.outcome === 'taken' ? plan.fresh[0] : undefined;
    if (plan.outcome === 'refused' || first === undefined) return [];
    const { segment } = plan.prepared;
    const firstPosition = positions.get(first.point.n) ?? 0;
    return [
      {
        firstPosition,
        lastPosition: firstPosition + plan.fresh.length - 1,
        n: first.point.n,
        signedFrom: segment.from,
        signedTo: segment.from + segment.changes.length - 1,
        prev: segment.prev,
        sig: segment.sig,
        bytes: plan.fresh.reduce((sum, { sealed }) => sum + sealed.head.length + sealed.payload.length, 0),
      },
    ];
  });
}

function sealedRecords({ opened, result }: Appending): readonly StoredRecord[] {
  return [...result.changed].map(([id, state]) => {
    return { id, kind: state.kind, state: opened.cipher.sealState(state, id) };
  });
}

/** What is kept of records in the clear. */
async function noteRecords(
  { context, trx, opened, start, result }: Appending,
  place: CasePlace,
): Promise<void> {
  const { nowMs } = start;
  await registerBlobs(trx, { ...place, nowMs, crypto: context.crypto }, result.changed);
  const file = result.changed.get(caseRecordId(start.caseId));
  if (opened.isNew || file !== undefined) await putIndex(trx, place, file);
}

async function writeTeam(work: Appending, place: CasePlace): Promise<News> {
  const { trx, opened, start, result } = work;
  const { nowMs, access } = start;
  if (access === undefined || result.team === undefined) {
    return { users: await liveUsers(trx, place), intake: result.openToIntake };
  }
  // Of a file that is only now beginning, nobody has seen anything.
  const wasOpen = !opened.isNew && !isHandedOver(readAccess(start.records, start.caseId).status);
  const before = { team: access.team, openToIntake: wasOpen };
  const after = { team: result.team, openToIntake: result.openToIntake };
  const { user: by } = work.submitter;
  await putTeam(trx, place, { before, after, people: access.people, by, isNew: opened.isNew, nowMs });
  const users = [...new Set([...before.team.keys(), ...after.team.keys(), by])];
  // Intake is told as well when a file leaves its sight.
  return { users, intake: wasOpen || result.openToIntake };
}
