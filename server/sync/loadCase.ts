/** Reads of a case what the new changes touch, and no more. */
import { type CaseId, type ChangeId, caseRecordId, type RecordId } from '../../shared/ids.ts';
import type { Json } from '../../shared/json.ts';
import { readFields } from '../../shared/sync/change.ts';
import type { RecordState } from '../../shared/sync/merge.ts';
import type { Trx } from '../db/scope.ts';
import type { CaseCipher } from '../keys/caseKeys.ts';
import { type Grant, leading, readAccess, readingFor, standingOf, touchesAccess } from './access.ts';
import type { AccessContext, AdmissionStart } from './admission.ts';
import { type CasePlace, loadChanges, loadRecords } from './caseStore.ts';
import type { Submitter } from './context.ts';
import { holdGrant, loadPeople, lockTeam } from './grants.ts';
import type { OpenCase } from './openCase.ts';
import type { PreparedChange } from './prepare.ts';

export interface CaseReading {
  readonly trx: Trx;
  readonly submitter: Submitter;
  readonly caseId: CaseId;
  readonly opened: OpenCase;
  readonly nowMs: number;
}

export async function loadForAdmission(
  reading: CaseReading,
  fresh: readonly PreparedChange[],
): Promise<AdmissionStart> {
  const { trx, submitter, caseId, opened, nowMs } = reading;
  const place: CasePlace = { tenant: submitter.tenant, caseId };
  const grant = await standingGrant(reading, place);
  const isAccess =
    opened.isNew || fresh.some(({ head, fields }) => fields !== undefined && touchesAccess({ head, fields }));
  const access = isAccess ? await loadAccess(reading, place) : undefined;
  const ids = [...new Set([caseRecordId(caseId), ...fresh.map(({ head }) => head.record)])];
  const rows = opened.isNew ? [] : await loadRecords(trx, place, { ids, members: isAccess });
  const records = new Map<RecordId, RecordState>(
    rows.map((row) => [row.id, opened.cipher.openState(row.state, row.id)]),
  );
  const { status } = readAccess(records, caseId);
  const standing = standingOf(grant, submitter.role, status);
  const reads = readingFor(grant, submitter.role, status);
  const wanted = statusesSeen(fresh, records.get(caseRecordId(caseId)));
  const statusWrites = await loadStatusWrites(trx, { ...place, cipher: opened.cipher }, wanted);
  const { barred } = submitter;
  return {
    caseId,
    author: submitter,
    nowMs,
    records,
    standing,
    reading: reads,
    access,
    statusWrites,
    barred,
  };
}

async function standingGrant(reading: CaseReading, place: CasePlace): Promise<Grant | undefined> {
  const { trx, submitter, opened, nowMs } = reading;
  // Who begins a file leads it until it is handed over.
  if (opened.isNew) return leading;
  return holdGrant(trx, { ...place, user: submitter.user, nowMs });
}

async function loadAccess({ trx, opened }: CaseReading, place: CasePlace): Promise<AccessContext> {
  const people = await loadPeople(trx, place);
  const team = opened.isNew ? new Map() : await lockTeam(trx, place);
  return { creator: opened.creator, people, team };
}

/** Changes of the case's status that an author saw and that are neither its heads nor among the new ones. */
function statusesSeen(fresh: readonly PreparedChange[], file: RecordState | undefined): readonly ChangeId[] {
  const saw = fresh.flatMap(({ head, fields }) => (head.kind === 'case' ? (fields?.status?.saw ?? []) : []));
  const here = new Set([
    ...fresh.map(({ head }) => head.id),
    ...(file?.registers.status ?? []).map((head) => head.change),
  ]);
  return saw.filter((id) => !here.has(id));
}

async function loadStatusWrites(
  trx: Trx,
  place: CasePlace & { readonly cipher: CaseCipher },
  ids: readonly ChangeId[],
): Promise<ReadonlyMap<ChangeId, Json>> {
  const rows = ids.length === 0 ? [] : await loadChanges(trx, place, ids);
  const writes = new Map<ChangeId, Json>();
  for (const row of rows) {
    const { status } = readFields(place.cipher.openChange(row.sealed, row.position).payload);
    if (status !== undefined) writes.set(row.change_id, status.value);
  }
  return writes;
}
