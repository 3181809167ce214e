/** A case as a screen shows it. */
import type { CaseView } from '../../../shared/contract/views.ts';
import type { CaseId } from '../../../shared/ids.ts';
import { viewRecord } from '../../../shared/sync/view.ts';
import { usersOf } from '../directory/people.ts';
import type { Db, Workspace } from '../session/workspace.ts';
import { readAccess } from '../storage/caseAccess.ts';
import { loadCaseRecords } from '../storage/recordStore.ts';
import { requireCase } from './edit.ts';
import { caseRights, sealedParts } from './sealed.ts';
import { caseLine, recordItem } from './views.ts';

/** @throws TmaError `case.not-found` */
export async function readCase(
  db: Db,
  workspace: Pick<Workspace, 'owner'>,
  caseId: CaseId,
): Promise<CaseView> {
  const row = await requireCase(db, caseId);
  const access = readAccess(row.access);
  const parts = await sealedParts(db, caseId, access);
  const whole = new Set(parts.filter((part) => part.whole).map(({ record }) => record));
  const all = (await loadCaseRecords(db, caseId)).map((record) => {
    return { caseId, record, view: viewRecord(record.state) };
  });
  // Of a record of which the beginning is sealed, the rest would be half a thing.
  const records = all.filter(({ record, view }) => !view.removed && !whole.has(record.id));
  const removed = new Set(all.filter(({ view }) => view.removed).map(({ record }) => record.id));
  const userOf = await usersOf(
    db,
    workspace,
    records.map(({ record }) => record.createdDevice),
  );
  return {
    line: caseLine(row),
    rights: caseRights(access),
    sealed: parts.filter(({ record }) => !removed.has(record)),
    records: records.map((shown) => recordItem(shown, userOf)),
  };
}
