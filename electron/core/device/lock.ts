/**
 * One program per profile. The lock is SQLite's exclusive lock on a file of its own: an operating-system file
 * lock underneath, so it ends with the process however that ends, and there is no stale lock to clean up.
 */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { TmaError } from '../../../shared/errors.ts';
import { vaultFailure } from '../vault/failures.ts';

/** Keeps the connections reachable: one that is garbage collected is closed, and its lock gone. */
const held = new Set<Database.Database>();

/**
 * Takes the lock and returns the function that releases it.
 * @throws TmaError `vault.in-use` when another program still holds it after `waitMs`.
 */
export function lockFolder(folder: string, waitMs: number): () => void {
  const database = openLockFile(join(folder, 'lock.db'), waitMs);
  try {
    // Nothing is ever written here; without this SQLite would leave an empty journal beside it.
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    const failure = vaultFailure(error);
    throw isBusy(error) ? new TmaError('vault.in-use', undefined, error) : failure;
  }
  held.add(database);
  return () => {
    held.delete(database);
    database.close();
  };
}

function openLockFile(path: string, waitMs: number): Database.Database {
  try {
    return new Database(path, { timeout: waitMs });
  } catch (error) {
    throw vaultFailure(error);
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY');
}
