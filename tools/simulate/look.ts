/** Looks into a laptop's vault past the product, to compare what it shows with what it holds. */
import { sql } from 'kysely';
import { loadCaseRecords } from '../../electron/core/storage/recordStore.ts';
import type { CaseId } from '../../shared/ids.ts';
import { type ReadChange, readChange } from '../../shared/sync/change.ts';
import type { SimLaptop } from './laptop.ts';
import { difference, standingIn, standingOf } from './oracle.ts';

export interface OwnChange {
  readonly caseId: CaseId;
  /** Its own, and the one it had before it was written anew. */
  readonly ids: readonly string[];
  readonly status: 'pending' | 'acked' | 'quarantined';
}

export async function outboxOf({ core }: SimLaptop): Promise<readonly OwnChange[]> {
  const rows = await core.vault.db.selectFrom('outbox').select(['case_id', 'head', 'status']).execute();
  return rows.map(({ case_id, head, status }) => ({ caseId: case_id, ids: idsIn(head), status }));
}

/** What a restored service lacks and this laptop is to bring. */
export async function heldOf({ core }: SimLaptop): Promise<readonly string[]> {
  const rows = await core.vault.db.selectFrom('held').select(['head', 'handed', 'code']).execute();
  return rows.flatMap(({ head, handed, code }) => idsIn(head).map((id) => `${id} ${handed} ${code}`));
}

export interface LogLine {
  readonly position: number;
  readonly hash: string;
  readonly status: string;
  readonly id: string;
}

export async function logOf({ core }: SimLaptop, caseId: CaseId): Promise<readonly LogLine[]> {
  const rows = await core.vault.db
    .selectFrom('log')
    .select(['position', 'hash', 'status', 'head'])
    .where('case_id', '=', caseId)
    .orderBy('position')
    .execute();
  return rows.map(({ head, ...row }) => ({ ...row, id: idIn(head) }));
}

export async function casesOf({ core }: SimLaptop): Promise<readonly CaseId[]> {
  const rows = await core.vault.db.selectFrom('cases').select('id').orderBy('id').execute();
  return rows.map(({ id }) => id);
}

/** Where what a case shows is not what the changes held here, log and own, add up to. */
export async function wronglyShown({ core }: SimLaptop, caseId: CaseId): Promise<string | undefined> {
  const { db } = core.vault;
  const logged = await db
    .selectFrom('log')
    .select(['head', 'payload', 'salt'])
    .where('case_id', '=', caseId)
    .where('status', '=', 'applied')
    .execute();
  const own = await db
    .selectFrom('outbox')
    .select(['head', 'payload', 'salt'])
    .where('case_id', '=', caseId)
    .where('status', '!=', 'quarantined')
    .execute();
  const held = await db
    .selectFrom('held')
    .select(['head', 'payload', 'salt'])
    .where('case_id', '=', caseId)
    .where('status', '=', 'applied')
    .execute();
  const changes: readonly ReadChange[] = [...logged, ...held, ...own].map(readChange);
  const records = await loadCaseRecords(db, caseId);
  return difference(standingIn(records.map(({ id, state }) => [id, state])), standingOf(changes));
}

/** Every change that a laptop has, wherever. */
export async function changesIn({ core }: SimLaptop): Promise<readonly string[]> {
  const of = (table: 'log' | 'held' | 'outbox') => core.vault.db.selectFrom(table).select('head').execute();
  const rows = [...(await of('log')), ...(await of('held')), ...(await of('outbox'))];
  return rows.flatMap(({ head }) => idsIn(head));
}

const tablesOfCases = [
  'cases',
  'records',
  'tasks',
  'log',
  'segments',
  'outbox',
  'held',
  'search_docs',
  'search_due',
] as const;

/** The tables that hold anything of a case. */
export async function tablesHolding({ core }: SimLaptop, caseId: CaseId): Promise<readonly string[]> {
  const found: string[] = [];
  for (const table of tablesOfCases) {
    const column = table === 'cases' ? 'id' : 'case_id';
    const { rows } =
      await sql`select 1 from ${sql.table(table)} where ${sql.ref(column)} = ${caseId} limit 1`.execute(
        core.vault.db,
      );
    if (rows.length > 0) found.push(table);
  }
  return found;
}

/** The id of a change, and of the one that it was before its laptop became another device. */
export function idsIn(head: string): readonly string[] {
  const { id, again } = JSON.parse(head) as { id: string; again?: string }; // checked when it was sealed
  return again === undefined ? [id] : [id, again];
}

function idIn(head: string): string {
  return (JSON.parse(head) as { id: string }).id; // checked when it was sealed
}
