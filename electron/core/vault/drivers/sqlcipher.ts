/**
 * @journeyapps/sqlcipher: genuine SQLCipher 4, for macOS and Linux, compiled at install time and therefore an
 * optional dependency. Asynchronous underneath: every statement is a hop to a thread and back, so it is paid
 * per call, not per row (hand it batches). The key has to be given as text; that text cannot be zeroed and
 * goes when the case process ends at lock.
 */
import { TmaError } from '../../../../shared/errors.ts';
import {
  type OpenMode,
  SqlError,
  type SqlRow,
  type SqlValue,
  type VaultConnection,
  type VaultDriver,
  type VaultKey,
} from '../driver.ts';
import { vaultFailure } from '../failures.ts';
import { assertBindable } from './binding.ts';
import { assertPresent, protect } from './opening.ts';
import {
  loadLibrary,
  type NativeDatabase,
  type NativeLibrary,
  type NativeStatement,
} from './sqlcipherLibrary.ts';
import { StatementCache } from './statementCache.ts';
import { returnsRows } from './statementKind.ts';

/** @throws TmaError `vault.driver-missing` where the library is not installed, not compiled or for another Node. */
export function loadSqlcipherDriver(): VaultDriver {
  const library = loadLibrary();
  return {
    name: 'sqlcipher',
    async open(path, key, mode = {}) {
      assertPresent(path, mode);
      const connection = new SqlcipherConnection(await openDatabase(library, path, mode));
      try {
        // Otherwise it writes to standard error what it finds wrong with a file.
        await connection.exec('PRAGMA cipher_log_level = NONE');
        await connection.exec('PRAGMA cipher_memory_security = ON');
        await connection.exec(`PRAGMA key = ${rawKey(key)}`);
        await protect(connection, mode);
        return connection;
      } catch (error) {
        await connection.close();
        throw error;
      }
    },
  };
}

/** SQLCipher's form of a raw key: 64 hexadecimal digits of key, 32 of salt. */
function rawKey(key: VaultKey): string {
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
  return `"x'${hex(key.key)}${hex(key.salt)}'"`;
}

function openDatabase(library: NativeLibrary, path: string, mode: OpenMode): Promise<NativeDatabase> {
  const create = mode.create === true ? library.OPEN_CREATE : 0;
  return new Promise((resolve, reject) => {
    const database: NativeDatabase = new library.Database(path, library.OPEN_READWRITE | create, (error) =>
      error === null ? resolve(database) : reject(vaultFailure(error)),
    );
  });
}

interface Prepared {
  readonly statement: NativeStatement;
  /** What is asked of a statement that could not be prepared is never answered: wait for this first. */
  readonly ready: Promise<void>;
  /** The library's `run` takes one step only, which would leave such a statement open. */
  readonly returnsRows: boolean;
}

class SqlcipherConnection implements VaultConnection {
  readonly #database: NativeDatabase;
  readonly #statements: StatementCache<Prepared>;
  /** The library starts statements in parallel; this keeps them in the order they were asked for. */
  #tail: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(database: NativeDatabase) {
    this.#database = database;
    this.#statements = new StatementCache<Prepared>(
      (sql) => prepare(database, sql),
      ({ statement }) => statement.finalize(() => undefined),
    );
  }

  run(sql: string, params: readonly SqlValue[] = []) {
    return this.#using(sql, params, async ({ statement, returnsRows }) => {
      if (returnsRows) return { changes: (await all(statement, params)).length, lastInsertRowid: 0 };
      return run(statement, params);
    });
  }

  all(sql: string, params: readonly SqlValue[] = []): Promise<readonly SqlRow[]> {
    return this.#using(sql, params, ({ statement }) => all(statement, params));
  }

  // Not the library's own `get`: it stops at the first row and leaves the statement open, holding its lock.
  async get(sql: string, params: readonly SqlValue[] = []): Promise<SqlRow | undefined> {
    return (await this.all(sql, params))[0];
  }

  exec(sql: string): Promise<void> {
    return this.#next(() => exec(this.#database, sql));
  }

  begin(mode: 'immediate' | 'deferred'): Promise<void> {
    return this.exec(mode === 'immediate' ? 'BEGIN IMMEDIATE' : 'BEGIN DEFERRED');
  }

  commit(): Promise<void> {
    return this.exec('COMMIT');
  }

  async rollback(): Promise<void> {
    try {
      await this.exec('ROLLBACK');
    } catch (error) {
      // The library cannot say whether a transaction is open; SQLite ends it by itself on a full disk.
      if (!(error instanceof Error && error.message.includes('no transaction is active'))) throw error;
    }
  }

  async checkIntegrity(): Promise<readonly string[]> {
    const pages = await this.all('PRAGMA cipher_integrity_check');
    const structure = await this.all('PRAGMA integrity_check');
    return [...pages, ...structure]
      .map((row) => String(Object.values(row)[0]))
      .filter((line) => line !== 'ok');
  }

  rekey(key: VaultKey): Promise<void> {
    return this.exec(`PRAGMA rekey = ${rawKey(key)}`);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#next(() => {
      this.#statements.clear();
      return close(this.#database);
    });
  }

  #using<T>(sql: string, params: readonly SqlValue[], work: (prepared: Prepared) => Promise<T>): Promise<T> {
    return this.#next(async () => {
      assertBindable(params);
      try {
        const prepared = this.#statements.get(sql);
        await prepared.ready;
        return await work(prepared);
      } catch (error) {
        // A statement that failed may stay half-run; the next use prepares it afresh.
        this.#statements.forget(sql);
        throw await this.#explain(error);
      }
    });
  }

  /** A page that fails its authentication is reported by SQLCipher as a lack of memory. */
  async #explain(error: unknown): Promise<unknown> {
    if (!(error instanceof SqlError && error.code === 'SQLITE_NOMEM')) return error;
    const check = prepare(this.#database, 'PRAGMA cipher_integrity_check');
    await check.ready;
    const pages = await all(check.statement, []);
    check.statement.finalize(() => undefined);
    return pages.length > 0 ? new TmaError('vault.damaged', { pages: pages.length }, error) : error;
  }

  #next<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(work);
    this.#tail = result.catch(() => undefined);
    return result;
  }
}

function prepare(database: NativeDatabase, sql: string): Prepared {
  const { promise: ready, resolve, reject } = Promise.withResolvers<void>();
  const statement = database.prepare(sql, (error) =>
    error === null ? resolve() : reject(vaultFailure(error)),
  );
  return { statement, ready, returnsRows: returnsRows(sql) };
}

function all(statement: NativeStatement, params: readonly SqlValue[]): Promise<readonly SqlRow[]> {
  return new Promise((resolve, reject) => {
    statement.all(bind(params), (error, rows) =>
      error === null ? resolve(rows) : reject(vaultFailure(error)),
    );
  });
}

function run(statement: NativeStatement, params: readonly SqlValue[]) {
  return new Promise<{ changes: number; lastInsertRowid: number }>((resolve, reject) => {
    statement.run(bind(params), function (error) {
      if (error === null) resolve({ changes: this.changes, lastInsertRowid: this.lastID });
      else reject(vaultFailure(error));
    });
  });
}

function exec(database: NativeDatabase, sql: string): Promise<void> {
  return new Promise((resolve, reject) => {
    database.exec(sql, (error) => (error === null ? resolve() : reject(vaultFailure(error))));
  });
}

function close(database: NativeDatabase): Promise<void> {
  return new Promise((resolve, reject) => {
    database.close((error) => (error === null ? resolve() : reject(vaultFailure(error))));
  });
}

// Only Buffers are bound as blobs; any other byte array would be stored as its text.
function bind(params: readonly SqlValue[]): readonly SqlValue[] {
  return params.map((value) =>
    value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value,
  );
}
