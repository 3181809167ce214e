/** A case as a screen shows it. */
import type { CaseView } from '../../../shared/contract/views.ts';
import type { CaseId } from '../../../shared/ids.ts';
import { viewRecord } from '../../../shared/sync/view.ts';
import { usersOf } from '../directory/people.ts';
import type { Db, Workspace } from '../session/workspace.ts';
import { loadCaseRecords } from '../storage/recordStore.ts';
import { requireCase } from './edit.ts';
import { caseLine, recordItem } from './views.ts';

/** @throws TmaError `case.not-found` */
export async function readCase(
  db: Db,
  workspace: Pick<Workspace, 'owner'>,
  caseId: CaseId,
): Promise<CaseView> {
  const row = await requireCase(db, caseId);
  const records = (await loadCaseRecords(db, caseId))
    .map((record) => ({ caseId, record, view: viewRecord(record.state) }))
    .filter(({ view }) => !view.removed);
  const userOf = await usersOf(
    db,
    workspace,
    records.map(({ record }) => record.createdDevice),
  );
  return { line: caseLine(row), records: records.map((shown) => recordItem(shown, userOf)) };
}
