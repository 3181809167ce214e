/** What two people wrote apart, listed and shown side by side. Resolving is an ordinary edit that names them all. */
import { type Selectable, sql } from 'kysely';
import type { ConflictLine, ConflictView } from '../../../shared/contract/conflictViews.ts';
import type { Handlers, ParsedInputOf } from '../../../shared/contract/procedures.ts';
import { fieldSpec } from '../../../shared/domain/fields.ts';
import { kindSpec } from '../../../shared/domain/kinds.ts';
import { removedField } from '../../../shared/sync/change.ts';
import type { Head, Heads, RecordState } from '../../../shared/sync/merge.ts';
import { shownHead, viewRecord } from '../../../shared/sync/view.ts';
import { iso } from '../cases/views.ts';
import { usersOf } from '../directory/people.ts';
import type { Db, Workspace } from '../session/workspace.ts';
import { arrivedOf } from '../storage/changeHistory.ts';
import { recordTitle } from '../storage/derive.ts';
import { recordColumns, type StoredRecord, storedRecord } from '../storage/storedRecord.ts';
import type { CasesTable } from '../storage/tables.ts';
import { besideRemoval } from './beside.ts';
import { conflictBase, contestedHeads, contestedSinceMs, version, versionsOf } from './conflict.ts';
import { settledHeads } from './settled.ts';

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
  const rows = await recordsOfCases(db).where('records.contested', '>', sql.lit(0)).execute();
  return rows
    .flatMap((row) => {
      const record = storedRecord(row);
      return viewRecord(record.state).contested.map((field) =>
        conflictLine(row, record, { field, heads: contestedHeads(record.state, field) }),
      );
    })
    .sort((a, b) => (a.since < b.since ? -1 : 1));
}

/** A contested field taken apart, or one that was settled, told after the fact; null where neither. */
async function readConflict(
  db: Db,
  workspace: Workspace,
  { caseId, recordId, field }: ParsedInputOf<'conflicts.get'>,
): Promise<ConflictView | null> {
  const row = await recordsOfCases(db)
    .where('records.case_id', '=', caseId)
    .where('records.id', '=', recordId)
    .executeTakeFirst();
  if (row === undefined) return null;
  const record = storedRecord(row);
  const { state } = record;
  const view = viewRecord(state);
  const changes = await arrivedOf(db, caseId, [recordId]);
  const isOpen = view.contested.includes(field);
  const heads = isOpen ? contestedHeads(state, field) : settledHeads(changes, field);
  const shown = shownNow(state, field);
  if (heads.length === 0 || (!isOpen && shown === undefined)) return null;
  const base = conflictBase(changes, field, heads);
  const beside = isOpen && field === removedField ? besideRemoval(changes, state) : [];
  const told = [...heads, ...optional(base), ...optional(shown), ...beside.map(({ head }) => head)];
  const userOf = await usersOf(
    db,
    workspace,
    told.map(({ device }) => device),
  );
  const reader = { device: workspace.owner.deviceId, userOf };
  const plain = (head: Head) => ({ ...version(head, userOf), mine: false, shown: false });
  return {
    ...conflictLine(row, record, { field, heads }),
    base: base === undefined ? null : plain(base),
    versions: versionsOf({ kind: state.kind, field, heads }, reader),
    saw: [...(view.saw[field] ?? [])],
    settled: isOpen || shown === undefined ? null : plain(shown),
    beside: beside.map(({ field: written, before, head }) => ({
      field: written,
      before: before?.value ?? null,
      after: plain(head),
    })),
    values: field === removedField ? { ...view.values } : {},
  };
}

function shownNow(state: RecordState, field: string): Head | undefined {
  const spec = kindSpec(state.kind);
  return shownHead(state.registers[field] ?? [], spec && fieldSpec(spec, field));
}

function optional<T>(value: T | undefined): readonly T[] {
  return value === undefined ? [] : [value];
}

function recordsOfCases(db: Db) {
  return db
    .selectFrom('records')
    .innerJoin('cases', 'cases.id', 'records.case_id')
    .select(recordColumns.map((column) => `records.${column}` as const))
    .select(['records.case_id', 'cases.number', 'cases.title', 'cases.level']);
}

interface Contested {
  readonly field: string;
  readonly heads: Heads;
}

function conflictLine(of: OfCase, record: StoredRecord, { field, heads }: Contested): ConflictLine {
  return {
    caseId: of.case_id,
    number: of.number,
    caseTitle: of.title,
    level: of.level,
    recordId: record.id,
    kind: record.state.kind,
    field,
    recordTitle: recordTitle(viewRecord(record.state)),
    since: iso(contestedSinceMs(heads)),
  };
}
