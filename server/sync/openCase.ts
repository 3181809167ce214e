/** Finds the case of a push under lock, or begins it: a case exists from the moment its first change arrives. */

import { mayBegin } from '../../shared/domain/rights.ts';
import { TmaError } from '../../shared/errors.ts';
import { type CaseId, caseRecordId, type UserId } from '../../shared/ids.ts';
import { emptyLog, type LogHead } from '../../shared/sync/log.ts';
import type { Trx } from '../db/scope.ts';
import type { CaseCipher } from '../keys/caseKeys.ts';

import { type CasePlace, type CaseRow, insertCase, lockCase } from './caseStore.ts';
import type { Submitter, SyncContext } from './context.ts';
import type { PreparedSegment } from './prepare.ts';

export interface OpenCase {
  readonly isNew: boolean;
  readonly number: string | null;
  readonly creator: UserId;
  readonly head: LogHead;
  readonly cipher: CaseCipher;
}

export interface CaseJob {
  readonly submitter: Submitter;
  readonly caseId: CaseId;
  readonly segments: readonly PreparedSegment[];
}

/**
 * Throws `case.not-found` when there is no such case and the push does not begin one, or its key was
 * destroyed; `access.denied` when the author may not begin one.
 */
export async function openCase(trx: Trx, context: SyncContext, job: CaseJob): Promise<OpenCase> {
  const place: CasePlace = { tenant: job.submitter.tenant, caseId: job.caseId };
  const row = await lockCase(trx, place);
  if (row !== undefined) return opened(context, place, row);
  if (!begins(job)) throw new TmaError('case.not-found');
  if (!mayBegin(job.submitter.role)) throw new TmaError('access.denied');
  const { cipher, wrapped } = await context.caseKeys.create(place.tenant, place.caseId);
  const creator = job.submitter.user;
  const isNew = await insertCase(trx, { ...place, creator, wrappedKey: wrapped, nowMs: context.nowMs() });
  if (isNew) return { isNew, number: null, creator, head: emptyLog, cipher };
  // Another push began the same case meanwhile and has committed: it is an existing case now.
  const other = await lockCase(trx, place);
  if (other === undefined) throw new TmaError('service.busy');
  return opened(context, place, other);
}

async function opened(context: SyncContext, place: CasePlace, row: CaseRow): Promise<OpenCase> {
  if (row.wrappedKey === null) throw new TmaError('case.not-found');
  const cipher = await context.caseKeys.open(place.tenant, place.caseId, row.wrappedKey);
  return { isNew: false, number: row.number, creator: row.creator, head: row.head, cipher };
}

/** A log begins with the record of the case itself, made by the device that took the report. */
function begins({ caseId, segments }: CaseJob): boolean {
  const first = segments[0];
  const [change] = first?.changes ?? [];
  const head = change?.head;
  return (
    first?.segment.from === 1 &&
    // A file of which nobody could read anything is none.
    change?.fields !== undefined &&
    head?.op === 'create' &&
    head.kind === 'case' &&
    head.record === caseRecordId(caseId)
  );
}
