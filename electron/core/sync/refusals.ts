/**
 * Changes that the service keeps and does not count. Their author and the lead of the case read what was written;
 * everybody else on the team is told that there is one, by whom and why.
 */
import { sql } from 'kysely';
import type { ParsedInputOf } from '../../../shared/contract/procedures.ts';
import type { ChangePlace, Refusal } from '../../../shared/contract/syncViews.ts';
import { errorCodeSchema } from '../../../shared/errors.ts';
import type { CaseId, DeviceId, UserId } from '../../../shared/ids.ts';
import { readHead } from '../../../shared/sync/change.ts';
import { fieldsOf, mayReadRefused } from '../cases/refused.ts';
import { iso } from '../cases/views.ts';
import { type UserOf, usersOf } from '../directory/people.ts';
import type { Db, Workspace } from '../session/workspace.ts';

interface RefusedRow {
  readonly case_id: CaseId;
  readonly device: DeviceId;
  readonly n: number;
  readonly head: string;
  readonly payload: string;
  readonly code: string | null;
  readonly at_ms: number;
  readonly received_ms: number | null;
  readonly payload_hash: string | null;
  readonly number: string | null;
  readonly title: string;
  readonly lead: UserId | null;
  readonly is_read: 0 | 1;
}

export async function listRefusals(
  db: Db,
  workspace: Pick<Workspace, 'owner'>,
  { withRead, limit }: ParsedInputOf<'sync.refusals'>,
): Promise<{ refusals: Refusal[]; read: number }> {
  const rows = await refusedRows(db, workspace);
  const shown = rows.filter((row) => withRead || row.is_read === 0).slice(0, limit);
  const userOf = await usersOf(
    db,
    workspace,
    shown.map(({ device }) => device),
  );
  return {
    refusals: shown.map((row) => refusal(row, userOf, workspace.owner.userId)),
    read: rows.filter((row) => row.is_read === 1).length,
  };
}

/** Refused here and not yet back in the log, and refused in the log; the newest first. */
async function refusedRows(db: Db, { owner }: Pick<Workspace, 'owner'>): Promise<readonly RefusedRow[]> {
  const here = db
    .selectFrom('outbox')
    .select(['case_id', sql<DeviceId>`${owner.deviceId}`.as('device'), 'n', 'head', 'payload', 'code'])
    .select([
      'at_ms',
      sql<number | null>`NULL`.as('received_ms'),
      sql<string | null>`NULL`.as('payload_hash'),
    ])
    .where('status', '=', 'quarantined');
  const logged = db
    .selectFrom('log')
    .select(['case_id', 'device', 'n', 'head', 'payload', 'code', 'at_ms', 'received_ms', 'payload_hash'])
    // Spelled out, so that the index of refused changes serves it.
    .where('status', '=', sql.lit('quarantined'));
  return db
    .selectFrom(here.unionAll(logged).as('refused'))
    .innerJoin('cases', 'cases.id', 'refused.case_id')
    .leftJoin('refusals_read as mark', (join) =>
      join
        .onRef('mark.case_id', '=', 'refused.case_id')
        .onRef('mark.device', '=', 'refused.device')
        .onRef('mark.n', '=', 'refused.n'),
    )
    .select(['refused.case_id', 'refused.device', 'refused.n', 'refused.head', 'refused.payload'])
    .select(['refused.code', 'refused.at_ms', 'refused.received_ms', 'refused.payload_hash'])
    .select(['cases.number', 'cases.title', 'cases.lead'])
    .select(sql<0 | 1>`mark.at_ms IS NOT NULL`.as('is_read'))
    .orderBy('refused.at_ms', 'desc')
    .orderBy('refused.n', 'desc')
    .execute();
}

function refusal(row: RefusedRow, userOf: UserOf, me: UserId): Refusal {
  const head = readHead(row.head);
  const user = userOf(row.device);
  const said = fieldsOf({ payload: row.payload, status: 'quarantined' });
  const fields = Object.entries(said).map(([name, { value }]) => [name, value] as const);
  const sealed = row.payload_hash !== null;
  const isReadable = !sealed && mayReadRefused({ user, lead: row.lead }, me);
  return {
    place: { caseId: row.case_id, device: row.device, n: row.n },
    change: head.id,
    number: row.number,
    caseTitle: row.title,
    record: head.record,
    kind: head.kind,
    op: head.op,
    fields: isReadable ? Object.fromEntries(fields) : null,
    sealed,
    user,
    at: iso(row.at_ms),
    receivedAt: row.received_ms === null ? null : iso(row.received_ms),
    code: errorCodeSchema.catch('internal').parse(row.code),
    lead: row.lead,
    mine: user === me,
    read: row.is_read === 1,
  };
}

/** Marks refused changes as read; what is none is passed over. */
export async function markRead(tx: Db, places: readonly ChangePlace[], atMs: number): Promise<void> {
  const rows = places.map(({ caseId, device, n }) => ({ case_id: caseId, device, n, at_ms: atMs }));
  await tx
    .insertInto('refusals_read')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
