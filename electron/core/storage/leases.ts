/**
 * Which cases this laptop may hold without contact, and until when; `shared/sync/leases.ts` says by which rule. All of it
 * lies in the vault, where nobody can alter it without opening it.
 */
import type { Kysely, Selectable } from 'kysely';
import type { CaseId, LeaseId } from '../../../shared/ids.ts';
import type { Lease } from '../../../shared/sync/leases.ts';
import { findCase } from './caseRow.ts';
import { readMeta, writeMeta } from './meta.ts';
import type { VaultTables } from './tables.ts';

type Db = Kysely<VaultTables>;
export type LeaseRow = Selectable<VaultTables['leases']>;

/** What a contact granted. */
export interface Granted {
  readonly leases: readonly Lease[];
  /** With a hello: when it was, and until when cases that are not checked out are held; null while the vault opens. */
  readonly contact?: { readonly atMs: number; readonly holdUntilMs: number | null };
  /** This laptop's clock minus the service's, now. */
  readonly aheadMs: number;
}

/**
 * Keeps what was granted in place of what was before. What the person gave back meanwhile stays given back until the
 * service has heard of it.
 * @returns the cases whose leases are other than before.
 */
export async function keepGranted(tx: Db, granted: Granted): Promise<readonly CaseId[]> {
  if (granted.contact !== undefined) {
    await writeMeta(tx, 'holdUntilMs', granted.contact.holdUntilMs);
    await writeMeta(tx, 'clockMarkMs', granted.contact.atMs);
  }
  const before = await tx.selectFrom('leases').selectAll().execute();
  const returned = new Set(before.filter((row) => row.returned === 1).map(({ id }) => id));
  const rows = granted.leases.map((lease) => rowOf(lease, granted.aheadMs, returned.has(lease.id)));
  await tx.deleteFrom('leases').execute();
  if (rows.length > 0) await tx.insertInto('leases').values(rows).execute();
  const known = new Map(before.map((row) => [row.case_id, textOf(row)]));
  const changed = rows.filter((row) => known.get(row.case_id) !== textOf(row)).map((row) => row.case_id);
  const kept = new Set(rows.map((row) => row.case_id));
  return [...changed, ...[...known.keys()].filter((caseId) => !kept.has(caseId))];
}

function rowOf(lease: Lease, aheadMs: number, isReturned: boolean): LeaseRow {
  const here = (ms: number) => Math.max(0, ms + aheadMs);
  return {
    case_id: lease.case,
    id: lease.id,
    purpose: lease.purpose,
    since_ms: here(lease.sinceMs),
    until_ms: here(lease.untilMs),
    wished_ms: here(lease.wishedUntilMs),
    renewed_ms: here(lease.renewedAtMs),
    returned: isReturned ? 1 : 0,
  };
}

const textOf = ({ id, until_ms, returned }: LeaseRow): string => `${id} ${until_ms} ${returned}`;

/** Those that stand, the one that ends first at the top. */
export function standingLeases(db: Db): Promise<readonly LeaseRow[]> {
  return db.selectFrom('leases').selectAll().where('returned', '=', 0).orderBy('until_ms').execute();
}

/** What was given back here, for the service to hear of. */
export async function returnedLeases(db: Db): Promise<readonly LeaseId[]> {
  const rows = await db.selectFrom('leases').select('id').where('returned', '=', 1).execute();
  return rows.map(({ id }) => id);
}

/** @returns the lease that was given back, or undefined where the case is not checked out. */
export async function returnLease(tx: Db, caseId: CaseId): Promise<LeaseId | undefined> {
  const row = await tx
    .updateTable('leases')
    .set({ returned: 1 })
    .where('case_id', '=', caseId)
    .where('returned', '=', 0)
    .returning('id')
    .executeTakeFirst();
  return row?.id;
}

/** The cases whose time is over; none while everything is held anyway. */
export async function overCases(db: Db, nowMs: number): Promise<readonly CaseId[]> {
  const holdUntilMs = (await readMeta(db, 'holdUntilMs')) ?? null;
  if (holdUntilMs === null || holdUntilMs > nowMs) return [];
  const rows = await db
    .selectFrom('cases')
    .leftJoin('leases', (join) => join.onRef('leases.case_id', '=', 'cases.id').on('leases.returned', '=', 0))
    .select('cases.id')
    .where((where) => where.or([where('leases.until_ms', 'is', null), where('leases.until_ms', '<=', nowMs)]))
    .execute();
  return rows.map(({ id }) => id);
}

/** As part of the transaction that removes the case. */
export async function noteExpired(tx: Db, caseId: CaseId, atMs: number): Promise<void> {
  const row = await findCase(tx, caseId);
  const noted = { number: row?.number ?? null, at_ms: atMs };
  await tx
    .insertInto('expired_cases')
    .values({ case_id: caseId, ...noted })
    .onConflict((conflict) => conflict.column('case_id').doUpdateSet(noted))
    .execute();
}

export async function isExpired(db: Db, caseId: CaseId): Promise<boolean> {
  const row = await db
    .selectFrom('expired_cases')
    .select('case_id')
    .where('case_id', '=', caseId)
    .executeTakeFirst();
  return row !== undefined;
}

/** Everything was exchanged: what did not come back is no longer this person's to see. */
export async function forgetExpired(tx: Db): Promise<void> {
  await tx.deleteFrom('expired_cases').execute();
}
