import { sqlState } from './connect.ts';

// 25006: read only, as the former primary is right after a failover.
// PostgreSQL appendix A: serialization failure, deadlock, lock not available, query cancelled, idle in
// transaction; 08: connection; 53: resources; 57P: shutting down, not ready; 25P03: idle timeout.
const passing = /^(40001|40P01|25006|55P03|57014|25P03|08...|53...|57P..)$/;

/** Whether the database could not do it now but may in a moment. */
export function isBusy(error: unknown): boolean {
  const state = sqlState(error);
  if (state !== undefined) return passing.test(state);
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? error.code : undefined;
  if (typeof code === 'string' && /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH)/.test(code)) return true;
  // What `pg` says without a code when a connection ends or the pool is exhausted.
  return /connection terminated|timeout exceeded when trying to connect|client has encountered a connection error/i.test(
    error.message,
  );
}
