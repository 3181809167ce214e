/** What two people wrote apart, listed and shown side by side. Resolving is an ordinary edit that names them all. */
import { type Selectable, sql } from 'kysely';
import type { Handlers, ParsedInputOf } from '../../../shared/contract/procedures.ts';
import type { ConflictLine, ConflictView } from '../../../shared/contract/views.ts';
import { viewRecord } from '../../../shared/sync/view.ts';
import { iso } from '../cases/views.ts';
import { usersOf } from '../directory/people.ts';
import type { Db, Workspace } from '../session/workspace.ts';
import { arrivedOf } from '../storage/changeHistory.ts';
import { recordTitle } from '../storage/derive.ts';
import { recordColumns, type StoredRecord, storedRecord } from '../storage/recordStore.ts';
import type { CasesTable } from '../storage/tables.ts';
import { conflictBase, contestedHeads, contestedSinceMs, version, versionsOf } from './conflict.ts';

type OfCase = Pick<Selectable<CasesTable>, 'number' | 'title' | 'level'> & {
  readonly case_id: ConflictLine['caseId'];
};

export function conflictsHandlers(workspace: Workspace): Pick<Handlers, 'conflicts.list' | 'conflicts.get'> {
  return {
    'conflicts.list': async () => ({ lines: await workspace.vault.read(listConflicts) }),
    'conflicts.get': (input) => workspace.vault.read((tx) => readConflict(tx, workspace, input)),
  };
}

/** Every contested field, the oldest first. */
export async function listConflicts(db: Db): Promise<ConflictLine[]> {
  const rows = await contestedRecords(db).execute();
  return rows
    .flatMap((row) => {
      const record = storedRecord(row);
      return viewRecord(record.state).contested.map((field) => conflictLine(row, record, field));
    })
    .sort((a, b) => (a.since < b.since ? -1 : 1));
}

async function readConflict(
  db: Db,
  workspace: Workspace,
  { caseId, recordId, field }: ParsedInputOf<'conflicts.get'>,
): Promise<ConflictView | null> {
  const row = await contestedRecords(db)
    .where('records.case_id', '=', caseId)
    .where('records.id', '=', recordId)
    .executeTakeFirst();
  if (row === undefined) return null;
  const record = storedRecord(row);
  const view = viewRecord(record.state);
  if (!view.contested.includes(field)) return null;
  const heads = contestedHeads(record.state, field);
  const base = conflictBase(await arrivedOf(db, caseId, [recordId]), field, heads);
  const devices = [...heads, ...(base === undefined ? [] : [base])].map(({ device }) => device);
  const userOf = await usersOf(db, workspace, devices);
  return {
    ...conflictLine(row, record, field),
    base: base === undefined ? null : { ...version(base, userOf), mine: false, shown: false },
    versions: versionsOf(
      { kind: record.state.kind, field, heads },
      { device: workspace.owner.deviceId, userOf },
    ),
    saw: [...(view.saw[field] ?? [])],
  };
}

function contestedRecords(db: Db) {
  return db
    .selectFrom('records')
    .innerJoin('cases', 'cases.id', 'records.case_id')
    .select(recordColumns.map((column) => `records.${column}` as const))
    .select(['records.case_id', 'cases.number', 'cases.title', 'cases.level'])
    .where('records.contested', '>', sql.lit(0));
}

function conflictLine(of: OfCase, record: StoredRecord, field: string): ConflictLine {
  return {
    caseId: of.case_id,
    number: of.number,
    caseTitle: of.title,
    level: of.level,
    recordId: record.id,
    kind: record.state.kind,
    field,
    recordTitle: recordTitle(viewRecord(record.state)),
    since: iso(contestedSinceMs(contestedHeads(record.state, field))),
  };
}
