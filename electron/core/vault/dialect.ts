/**
 * Kysely over a {@link VaultConnection}: SQLite's compiler, and a driver that hands the one connection out in
 * turns. A transaction is immediate, unless it is read-only: a write never has to upgrade a lock half-way.
 */
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type TransactionSettings,
} from 'kysely';
import type { SqlValue, VaultConnection } from './driver.ts';
import { returnsRows } from './drivers/statementKind.ts';

/** What the dialect asks before it hands the connection out; see `turns.ts`. */
export type TakeTurn = () => Promise<() => void>;

export function vaultDialect(connection: VaultConnection, takeTurn: TakeTurn): Dialect {
  return {
    createAdapter: () => new VaultAdapter(),
    createDriver: () => new VaultKyselyDriver(connection, takeTurn),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

/**
 * A statement over rows handed in as one JSON parameter, which costs one call however many rows:
 * `INSERT INTO t SELECT value->>'id', value->>'name' FROM json_each(?)`. Bytes travel as hexadecimal and
 * `unhex(…)`. Usable on a transaction as well as on `db`.
 * @returns the number of rows changed.
 */
export async function batch(
  executor: { executeQuery<R>(query: CompiledQuery<R>): Promise<QueryResult<R>> },
  sql: string,
  rows: readonly unknown[],
): Promise<number> {
  const result = await executor.executeQuery(CompiledQuery.raw(sql, [JSON.stringify(rows)]));
  return Number(result.numAffectedRows ?? result.rows.length);
}

const rowsAtOnce = 32;

/**
 * Many rows into a table, as values: half the time of {@link batch} where there are thousands. `into` names table and
 * columns, `log (case_id, position)`, in the order of the values.
 */
export async function insertRows(
  executor: { executeQuery<R>(query: CompiledQuery<R>): Promise<QueryResult<R>> },
  into: string,
  rows: readonly (readonly SqlValue[])[],
): Promise<void> {
  const width = rows[0]?.length ?? 0;
  const one = `(${Array.from({ length: width }, () => '?').join(', ')})`;
  const many = Array.from({ length: rowsAtOnce }, () => one).join(', ');
  let at = 0;
  // Two statements only, whatever their number: each is prepared once and kept.
  for (; at + rowsAtOnce <= rows.length; at += rowsAtOnce) {
    const values = rows.slice(at, at + rowsAtOnce).flat();
    await executor.executeQuery(CompiledQuery.raw(`INSERT INTO ${into} VALUES ${many}`, values));
  }
  for (const row of rows.slice(at)) {
    await executor.executeQuery(CompiledQuery.raw(`INSERT INTO ${into} VALUES ${one}`, [...row]));
  }
}

class VaultAdapter extends SqliteAdapter {
  /** Otherwise Kysely puts a queue of its own in front of ours, where a nested turn would wait for ever. */
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

class VaultKyselyDriver implements Driver {
  readonly #connection: VaultConnection;
  readonly #takeTurn: TakeTurn;
  readonly #release = new WeakMap<DatabaseConnection, () => void>();

  constructor(connection: VaultConnection, takeTurn: TakeTurn) {
    this.#connection = connection;
    this.#takeTurn = takeTurn;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    const release = await this.#takeTurn();
    const handle = new VaultKyselyConnection(this.#connection);
    this.#release.set(handle, release);
    return handle;
  }

  async releaseConnection(handle: DatabaseConnection): Promise<void> {
    this.#release.get(handle)?.();
    this.#release.delete(handle);
  }

  beginTransaction(_handle: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    return this.#connection.begin(settings.accessMode === 'read only' ? 'deferred' : 'immediate');
  }

  commitTransaction(): Promise<void> {
    return this.#connection.commit();
  }

  rollbackTransaction(): Promise<void> {
    return this.#connection.rollback();
  }

  /** The vault closes its connection itself, after the last turn. */
  async destroy(): Promise<void> {}
}

class VaultKyselyConnection implements DatabaseConnection {
  readonly #connection: VaultConnection;

  constructor(connection: VaultConnection) {
    this.#connection = connection;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const params = query.parameters.map(storable);
    if (answersRows(query)) {
      // The caller's type describes the columns it selected; Kysely derived it from the tables.
      return { rows: (await this.#connection.all(query.sql, params)) as unknown as R[] };
    }
    const { changes, lastInsertRowid } = await this.#connection.run(query.sql, params);
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
  }

  // biome-ignore lint/correctness/useYield: one connection serves all; a stream would hold everybody up.
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('the vault does not stream: ask for pages');
  }
}

/** Kysely knows what a built query returns; a raw one has to be looked at. */
function answersRows({ query, sql }: CompiledQuery): boolean {
  if (query.kind === 'SelectQueryNode') return true;
  if ('returning' in query && query.returning !== undefined) return true;
  return query.kind === 'RawNode' && returnsRows(sql);
}

function storable(value: unknown): SqlValue {
  if (typeof value === 'boolean') return value ? 1 : 0;
  // What is not storable is refused by the driver, with the type in the message.
  return value as SqlValue;
}
