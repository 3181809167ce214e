/**
 * Every statement on a tenant's data runs in a transaction that says for whom it acts; the policies of the
 * database decide from that alone what it may see. The settings end with the transaction, so a connection
 * goes back to the pool knowing nobody. S04
 */
import { sql, type Transaction } from 'kysely';
import type { CaseId, TenantId, UserId } from '../../shared/ids.ts';
import type { Db } from './connect.ts';
import { repeating, wasCut, wasUndone } from './retry.ts';
import type { Tables } from './tables.ts';

export type Trx = Transaction<Tables>;

export interface Scope {
  readonly tenant: TenantId;
  readonly user?: UserId;
  /** The one case that this transaction may write. */
  readonly caseId?: CaseId;
  readonly duty?: 'admin' | 'devices' | 'witness' | 'destroy';
  /** The service's clock, milliseconds since the Unix epoch; the policies judge end dates by it. */
  readonly nowMs: number;
}

/**
 * Writes, READ COMMITTED: what waited for a row lock sees what the holder committed. `work` is run again when the
 * database undid it (deadlock, serialization), so it must leave nothing behind but what it wrote.
 */
export function writing<T>(db: Db, scope: Scope, work: (trx: Trx) => Promise<T>): Promise<T> {
  const attempt = () =>
    db
      .transaction()
      .setIsolationLevel('read committed')
      .execute((trx) => within(trx, scope, work));
  return repeating(attempt, wasUndone);
}

/** Reads one consistent picture of the database and can change nothing; again when the connection was cut. */
export function reading<T>(db: Db, scope: Scope, work: (trx: Trx) => Promise<T>): Promise<T> {
  const attempt = () =>
    db
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute((trx) => within(trx, scope, work));
  return repeating(attempt, (error) => wasUndone(error) || wasCut(error));
}

async function within<T>(trx: Trx, scope: Scope, work: (trx: Trx) => Promise<T>): Promise<T> {
  await sql`select set_config('tma.tenant', ${scope.tenant}, true), set_config('tma.user', ${scope.user ?? ''}, true),
    set_config('tma.case', ${scope.caseId ?? ''}, true), set_config('tma.duty', ${scope.duty ?? ''}, true),
    set_config('tma.now', ${new Date(scope.nowMs).toISOString()}, true)`.execute(trx);
  return work(trx);
}
