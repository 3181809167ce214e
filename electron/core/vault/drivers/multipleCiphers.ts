/**
 * better-sqlite3 with SQLite3 Multiple Ciphers, in its SQLCipher 4 mode. Synchronous underneath: a statement
 * runs to its end on the calling thread, which is the case process's own. The key is handed over as bytes
 * that are zeroed, never as text.
 */
import Database from 'better-sqlite3';
import type { OpenMode, SqlRow, SqlValue, VaultConnection, VaultDriver, VaultKey } from '../driver.ts';
import { vaultFailure } from '../failures.ts';
import { assertBindable } from './binding.ts';
import { assertPresent, protect } from './opening.ts';
import { StatementCache } from './statementCache.ts';

type Statement = Database.Statement<unknown[], SqlRow>;

/** What this build adds to better-sqlite3; the type package describes the original. */
type KeyedDatabase = Database.Database & { key(key: Buffer): number; rekey(key: Buffer): number };

export const multipleCiphersDriver: VaultDriver = {
  name: 'multiple-ciphers',
  async open(path, key, mode = {}) {
    assertPresent(path, mode);
    const database = openDatabase(path, mode);
    const connection = connect(database);
    try {
      setKey(database, key);
      await protect(connection, mode);
      return connection;
    } catch (error) {
      database.close();
      throw vaultFailure(error);
    }
  },
};

function openDatabase(path: string, mode: OpenMode): KeyedDatabase {
  try {
    return new Database(path, { fileMustExist: mode.create !== true }) as KeyedDatabase;
  } catch (error) {
    throw vaultFailure(error);
  }
}

function setKey(database: KeyedDatabase, key: VaultKey): void {
  // Without these two the file would be in this library's own format (ChaCha20).
  database.pragma("cipher = 'sqlcipher'");
  database.pragma('legacy = 4');
  withRawKey(key, (raw) => database.key(raw));
}

/** The library's form of a raw key: the bytes `raw:`, key, salt. */
function withRawKey(key: VaultKey, use: (raw: Buffer) => unknown): void {
  const raw = Buffer.concat([Buffer.from('raw:'), key.key, key.salt]);
  try {
    use(raw);
  } finally {
    raw.fill(0);
  }
}

function connect(database: KeyedDatabase): VaultConnection {
  const statements = new StatementCache<Statement>(
    (sql) => database.prepare<unknown[], SqlRow>(sql),
    () => undefined,
  );
  const using = async <T>(
    sql: string,
    params: readonly SqlValue[],
    work: (s: Statement) => T,
  ): Promise<T> => {
    assertBindable(params);
    return guarded(() => work(statements.get(sql)));
  };
  const exec = async (sql: string) => guarded(() => void database.exec(sql));
  return {
    async run(sql, params = []) {
      const result = await using(sql, params, (s) => (s.reader ? drain(s, params) : s.run(...bind(params))));
      return { changes: result.changes, lastInsertRowid: Number(result.lastInsertRowid) };
    },
    all: (sql, params = []) =>
      using(sql, params, (s) => (s.reader ? s.all(...bind(params)) : empty(s, params))),
    get: (sql, params = []) =>
      using(sql, params, (s) => (s.reader ? s.get(...bind(params)) : empty(s, params)[0])),
    exec,
    begin: (mode) => exec(mode === 'immediate' ? 'BEGIN IMMEDIATE' : 'BEGIN DEFERRED'),
    commit: () => exec('COMMIT'),
    rollback: async () => guarded(() => void (database.inTransaction && database.exec('ROLLBACK'))),
    checkIntegrity: async () => guarded(() => integrity(database)),
    rekey: async (key) => guarded(() => withRawKey(key, (raw) => database.rekey(raw))),
    async close() {
      if (!database.open) return;
      statements.clear();
      guarded(() => void database.close());
    },
  };
}

// Integers are bound as 64-bit integers; as a plain number the library would bind them as floating point.
function bind(params: readonly SqlValue[]): unknown[] {
  return params.map((value) => (Number.isSafeInteger(value) ? BigInt(value as number) : value));
}

/** `INSERT … RETURNING` asked for with `run`: the rows are dropped, their number is what changed. */
function drain(statement: Statement, params: readonly SqlValue[]): Database.RunResult {
  const rows = statement.all(...bind(params));
  return { changes: rows.length, lastInsertRowid: 0 };
}

/** A statement without rows asked for with `all` or `get`. */
function empty(statement: Statement, params: readonly SqlValue[]): SqlRow[] {
  statement.run(...bind(params));
  return [];
}

// `cipher_integrity_check` is a no-op here that looks like success; this one reads and authenticates every page.
function integrity(database: Database.Database): readonly string[] {
  const rows = database.pragma('integrity_check') as readonly { integrity_check: string }[];
  return rows.map((row) => row.integrity_check).filter((line) => line !== 'ok');
}

function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw vaultFailure(error);
  }
}
