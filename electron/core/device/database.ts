/** The plain SQLite file behind the device settings: opening rules and its own small migrations. */
import Database from 'better-sqlite3';
import { TmaError } from '../../../shared/errors.ts';
import { vaultFailure } from '../vault/failures.ts';
import { deviceMigrations } from './migrations.ts';

/**
 * @throws TmaError `vault.newer-schema`, `vault.read-only`, `vault.disk-full`, `vault.damaged`.
 */
export function openDeviceDatabase(path: string): Database.Database {
  return guarded(() => {
    const database = new Database(path);
    try {
      assertKnown(database);
      // A destroyed key slot must not survive in a free page or in a journal.
      database.exec('PRAGMA secure_delete = ON; PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL');
      migrateDevice(database);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  });
}

/** Runs `work` with SQLite's errors turned into the catalogue's. */
export function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw vaultFailure(error);
  }
}

function schemaVersion(database: Database.Database): number {
  return Number(database.pragma('user_version', { simple: true }));
}

function assertKnown(database: Database.Database): void {
  const found = schemaVersion(database);
  const known = deviceMigrations.length;
  if (found > known) throw new TmaError('vault.newer-schema', { found, known });
}

function migrateDevice(database: Database.Database): void {
  const from = schemaVersion(database);
  for (const [index, sql] of deviceMigrations.slice(from).entries()) {
    const step = database.transaction(() => {
      database.exec(sql);
      database.pragma(`user_version = ${from + index + 1}`);
    });
    step.exclusive();
  }
}
