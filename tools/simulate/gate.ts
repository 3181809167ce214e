/**
 * Stands between the service and PostgreSQL, and between a laptop and its vault: lets every statement through, and
 * where the run says so ends everything just before or just after one, as a power cut would, or holds it while
 * others work.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { CompiledQuery, type DatabaseConnection, type Dialect, type Driver, type QueryResult } from 'kysely';
import type { VaultConnection, VaultDriver } from '../../electron/core/vault/driver.ts';

/** The power went. Nothing in the product knows this error. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

export interface Fault {
  /** The statement it happens at, counted from 1. */
  readonly at: number;
  readonly when: 'before' | 'after';
}

/** One request in the service. */
export interface Call {
  statements: number;
  readonly fault?: Fault;
  /** What others do while this request stands still before its statement `at`. */
  readonly hold?: { readonly at: number; readonly meanwhile: () => Promise<void> };
  /** Gives up at once where another request holds a lock: that one waits for this one to end. */
  readonly isImpatient: boolean;
}

export const currentCall = new AsyncLocalStorage<Call>();

/** Runs the statement, or another one in its place. */
type Run = (instead?: CompiledQuery) => Promise<QueryResult<unknown>>;

/** A defect put in on purpose: sees every statement and may change what becomes of it. */
export type Meddler = (query: CompiledQuery, run: Run) => Promise<QueryResult<unknown>>;

export interface Gate {
  meddler: Meddler | undefined;
  between(dialect: Dialect): Dialect;
}

export function serviceGate(): Gate {
  const gate: Gate = {
    meddler: undefined,
    between: (dialect) => ({
      createDriver: () => gatedDriver(dialect.createDriver(), gate),
      createQueryCompiler: () => dialect.createQueryCompiler(),
      createAdapter: () => dialect.createAdapter(),
      createIntrospector: (db) => dialect.createIntrospector(db),
    }),
  };
  return gate;
}

function gatedDriver(inner: Driver, gate: Gate): Driver {
  const originals = new WeakMap<DatabaseConnection, DatabaseConnection>();
  return {
    init: () => inner.init(),
    async acquireConnection() {
      const connection = await inner.acquireConnection();
      const gated = gatedConnection(connection, gate);
      originals.set(gated, connection);
      return gated;
    },
    beginTransaction: (connection, settings) => inner.beginTransaction(connection, settings),
    commitTransaction: (connection) => inner.commitTransaction(connection),
    rollbackTransaction: (connection) => inner.rollbackTransaction(connection),
    releaseConnection: (connection) => inner.releaseConnection(originals.get(connection) ?? connection),
    destroy: () => inner.destroy(),
  };
}

function gatedConnection(inner: DatabaseConnection, gate: Gate): DatabaseConnection {
  const pass = async (query: CompiledQuery): Promise<QueryResult<unknown>> => {
    const run: Run = (instead) => inner.executeQuery(instead ?? query);
    const result = await (gate.meddler === undefined ? run() : gate.meddler(query, run));
    const isBegin = query.sql.startsWith('begin') || query.sql.startsWith('start transaction');
    if (isBegin && currentCall.getStore()?.isImpatient === true) {
      await inner.executeQuery(CompiledQuery.raw(`set local lock_timeout = '8ms'`));
    }
    return result;
  };
  return {
    async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
      const call = currentCall.getStore();
      if (call === undefined || query.sql === 'rollback') return (await pass(query)) as QueryResult<R>;
      call.statements += 1;
      const isHere = call.fault?.at === call.statements;
      if (call.hold?.at === call.statements) await currentCall.exit(call.hold.meanwhile);
      // The connection breaks: whatever was not committed is undone.
      const crash = async (): Promise<never> => {
        await inner.executeQuery(CompiledQuery.raw('rollback'));
        throw new Crash();
      };
      if (isHere && call.fault?.when === 'before') await crash();
      const result = await pass(query);
      if (isHere) await crash();
      return result as QueryResult<R>; // rows are passed on as they came
    },
    streamQuery: (query, size) => inner.streamQuery(query, size),
  } as DatabaseConnection;
}

/** The power of one laptop. */
export interface Power {
  /** Goes at that statement, once. */
  fault: Fault | undefined;
  isOff: boolean;
}

/** A vault library whose connections end with the power: nothing reaches the file any more, not even a rollback. */
export function poweredDriver(inner: VaultDriver, power: Power): VaultDriver {
  let statements = 0;
  const through = async <T>(run: () => Promise<T>): Promise<T> => {
    if (power.isOff) throw new Crash();
    if (power.fault === undefined) {
      statements = 0;
      return run();
    }
    statements += 1;
    const isHere = statements === power.fault.at;
    const off = (): never => {
      power.isOff = true;
      throw new Crash();
    };
    if (isHere && power.fault.when === 'before') off();
    const result = await run();
    return isHere ? off() : result;
  };
  return {
    name: inner.name,
    async open(path, key, mode) {
      const connection = await inner.open(path, key, mode);
      const powered: VaultConnection = {
        run: (sql, params) => through(() => connection.run(sql, params)),
        all: (sql, params) => through(() => connection.all(sql, params)),
        get: (sql, params) => through(() => connection.get(sql, params)),
        exec: (sql) => through(() => connection.exec(sql)),
        begin: (transaction) => through(() => connection.begin(transaction)),
        commit: () => through(() => connection.commit()),
        rollback: () => through(() => connection.rollback()),
        checkIntegrity: () => connection.checkIntegrity(),
        rekey: (to) => connection.rekey(to),
        close: () => connection.close(),
      };
      return powered;
    },
  };
}
