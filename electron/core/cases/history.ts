/** Edits told as history: what is waiting first, then the log backwards. */
import type { HistoryEntry } from '../../../shared/contract/views.ts';
import { shownFields } from '../../../shared/domain/fields.ts';
import { kindSpec } from '../../../shared/domain/kinds.ts';
import { errorCodeSchema } from '../../../shared/errors.ts';
import type { CaseId, RecordId, UserId } from '../../../shared/ids.ts';
import { readHead } from '../../../shared/sync/change.ts';
import { usersOf } from '../directory/people.ts';
import type { Db, Workspace } from '../session/workspace.ts';
import { countRows, type HistoryQuery, type HistoryRow, historyRows, latestRows } from './historyRows.ts';
import { fieldsOf, mayReadRefused } from './refused.ts';
import { iso } from './views.ts';

interface OfCase {
  readonly id: CaseId;
  readonly number: string | null;
  readonly title: string;
  readonly lead: UserId | null;
}

export async function caseHistory(
  db: Db,
  workspace: Pick<Workspace, 'owner'>,
  query: HistoryQuery & { readonly of: OfCase },
): Promise<HistoryEntry[]> {
  const rows = await historyRows(db, workspace.owner.deviceId, query);
  return tell(
    db,
    workspace,
    rows.map((row) => ({ of: query.of, row })),
  );
}

interface Told {
  readonly of: OfCase;
  readonly row: HistoryRow;
}

async function tell(
  db: Db,
  workspace: Pick<Workspace, 'owner'>,
  told: readonly Told[],
): Promise<HistoryEntry[]> {
  const userOf = await usersOf(
    db,
    workspace,
    told.map(({ row }) => row.device),
  );
  return told.map(({ of, row }) => {
    const head = readHead(row.head);
    const shown = shownFields(kindSpec(head.kind), fieldsOf(row));
    const fields = Object.entries(shown).map(([name, { value }]) => [name, value] as const);
    const user = userOf(row.device);
    const state = states[row.status] ?? 'sent';
    const withheld = state === 'refused' && !mayReadRefused({ user, lead: of.lead }, workspace.owner.userId);
    return {
      change: head.id,
      caseId: of.id,
      number: of.number,
      caseTitle: of.title,
      record: head.record,
      kind: head.kind,
      op: head.op,
      fields: withheld ? {} : Object.fromEntries(fields),
      withheld,
      user,
      device: row.device,
      at: iso(row.at_ms),
      state,
      code: errorCodeSchema.nullable().catch(null).parse(row.code),
    };
  });
}

const states: Readonly<Record<string, HistoryEntry['state']>> = {
  pending: 'unsent',
  acked: 'sent',
  applied: 'sent',
  quarantined: 'refused',
};

export async function countHistory(db: Db, caseId: CaseId, record: RecordId | undefined): Promise<number> {
  const tables = ['outbox', 'held', 'log'] as const;
  const counts = await Promise.all(tables.map((table) => countRows(db, table, caseId, record)));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** The latest edits over all cases: those of the cases that moved last. */
export async function recentHistory(
  db: Db,
  workspace: Pick<Workspace, 'owner'>,
  limit: number,
): Promise<HistoryEntry[]> {
  const rows = await latestRows(db, workspace.owner.deviceId, limit);
  return tell(
    db,
    workspace,
    rows.map((row) => ({
      of: { id: row.case_id, number: row.number, title: row.title, lead: row.lead },
      row,
    })),
  );
}
