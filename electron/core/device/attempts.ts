/**
 * The counter of wrong passphrases. An attempt is counted, durably, before the passphrase is tried, so
 * cutting the power while it is tried wins nothing; success resets it.
 */
import type { Database } from 'better-sqlite3';
import { guarded } from './database.ts';

export interface Attempts {
  readonly failed: number;
  readonly lastAtMs: number;
}

export interface AttemptCounter {
  read(): Attempts;
  write(attempts: Attempts): void;
}

export function attemptCounter(database: Database): AttemptCounter {
  return {
    read() {
      const sql = 'SELECT failed, last_at_ms AS lastAtMs FROM attempts WHERE one = 1';
      return guarded(() => database.prepare<[], Attempts>(sql).get()) ?? { failed: 0, lastAtMs: 0 };
    },
    write({ failed, lastAtMs }) {
      const sql = 'INSERT OR REPLACE INTO attempts (one, failed, last_at_ms) VALUES (1, ?, ?)';
      guarded(() => void database.prepare(sql).run(failed, lastAtMs));
    },
  };
}
