/** What of the cases here ends when, as a person is told. */
import type { LeasesView, LeaseView } from '../../../shared/contract/leaseProcedures.ts';
import { iso } from '../cases/views.ts';
import type { Db } from '../session/workspace.ts';
import { type LeaseRow, standingLeases } from '../storage/leases.ts';
import { readMeta } from '../storage/meta.ts';

export interface Limits {
  /** Until when the vault opens without contact; undefined for ever. */
  readonly vaultUntilMs: number | undefined;
  readonly checkoutHours: number;
  readonly nowMs: number;
}

export async function readLeases(db: Db, limits: Limits): Promise<LeasesView> {
  const { vaultUntilMs, checkoutHours } = limits;
  const rows = await standingLeases(db);
  const leases = await viewsOf(db, rows);
  const holdUntilMs = (await readMeta(db, 'holdUntilMs')) ?? null;
  const endsBefore = holdUntilMs !== null && (vaultUntilMs === undefined || holdUntilMs < vaultUntilMs);
  const expired = await db.selectFrom('expired_cases').selectAll().orderBy('at_ms', 'desc').execute();
  return {
    leases,
    holdUntil: endsBefore ? iso(holdUntilMs) : null,
    vaultUntil: vaultUntilMs === undefined ? null : iso(vaultUntilMs),
    checkoutHours,
    next: await nextEnd(db, { ...limits, rows, holdUntilMs: endsBefore ? holdUntilMs : null }),
    expired: expired.map((row) => ({ caseId: row.case_id, number: row.number, at: iso(row.at_ms) })),
  };
}

async function viewsOf(db: Db, rows: readonly LeaseRow[]): Promise<LeaseView[]> {
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.case_id);
  const cases = await db
    .selectFrom('cases')
    .select(['id', 'number', 'title', 'level', 'unsent'])
    .where('id', 'in', ids)
    .execute();
  const byId = new Map(cases.map((row) => [row.id, row]));
  return rows.flatMap((row) => {
    const of = byId.get(row.case_id);
    // Granted, and its log is still on the way.
    if (of === undefined) return [];
    const { number, title, level, unsent } = of;
    return {
      ...{ caseId: row.case_id, number, title, level, unsent, purpose: row.purpose },
      ...{ since: iso(row.since_ms), until: iso(row.until_ms) },
      ...{ wishedUntil: iso(row.wished_ms), renewedAt: iso(row.renewed_ms) },
    };
  });
}

interface Ends extends Limits {
  readonly rows: readonly LeaseRow[];
  readonly holdUntilMs: number | null;
}

/** Cases go one after the other only where some are checked out for longer; otherwise the vault locks with all of them. */
async function nextEnd(
  db: Db,
  { rows, holdUntilMs, vaultUntilMs, nowMs }: Ends,
): Promise<LeasesView['next']> {
  const ends = [holdUntilMs, ...rows.map((row) => row.until_ms)].filter(
    (ms) => ms !== null && holdUntilMs !== null && ms >= holdUntilMs && ms > nowMs,
  );
  const nextMs = ends.toSorted((a, b) => (a ?? 0) - (b ?? 0))[0] ?? null;
  if (nextMs === null || (vaultUntilMs !== undefined && vaultUntilMs <= nextMs)) {
    if (vaultUntilMs === undefined) return null;
    return { at: iso(vaultUntilMs), what: 'vault', ...(await countCases(db, [])) };
  }
  const kept = rows.filter((row) => row.until_ms > nextMs).map((row) => row.case_id);
  return { at: iso(nextMs), what: 'cases', ...(await countCases(db, kept)) };
}

async function countCases(
  db: Db,
  except: readonly LeaseRow['case_id'][],
): Promise<{ readonly cases: number; readonly unsent: number }> {
  const all = db
    .selectFrom('cases')
    .select((of) => [of.fn.countAll<number>().as('cases'), of.fn.sum<number | null>('unsent').as('unsent')]);
  const { cases, unsent } = await (except.length === 0
    ? all
    : all.where('id', 'not in', [...except])
  ).executeTakeFirstOrThrow();
  return { cases, unsent: unsent ?? 0 };
}
