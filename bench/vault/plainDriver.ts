/** The peer: better-sqlite3 without encryption and with the settings of the vault, behind the vault's own port. */
import Database from 'better-sqlite3';
import type { SqlRow, SqlValue, VaultConnection, VaultDriver } from '../../electron/core/vault/driver.ts';

export const plainDriver: VaultDriver = {
  // The port knows the product's drivers only; nothing asks for this name.
  name: 'multiple-ciphers',
  async open(path) {
    const database = new Database(path);
    for (const setting of [
      'journal_mode = WAL',
      'synchronous = FULL',
      'foreign_keys = ON',
      'secure_delete = ON',
      'recursive_triggers = ON',
      'temp_store = MEMORY',
      'mmap_size = 0',
      'cache_size = -32768',
    ]) {
      database.pragma(setting);
    }
    return connect(database);
  },
};

function connect(database: Database.Database): VaultConnection {
  const statements = new Map<string, Database.Statement<unknown[], SqlRow>>();
  const prepared = (sql: string) => {
    const known = statements.get(sql) ?? database.prepare<unknown[], SqlRow>(sql);
    statements.set(sql, known);
    return known;
  };
  const bind = (params: readonly SqlValue[]) =>
    params.map((value) => (Number.isSafeInteger(value) ? BigInt(value as number) : value));
  const all = async (sql: string, params: readonly SqlValue[] = []) => {
    const statement = prepared(sql);
    if (statement.reader) return statement.all(...bind(params));
    statement.run(...bind(params));
    return [];
  };
  const exec = async (sql: string) => void database.exec(sql);
  return {
    async run(sql, params = []) {
      const statement = prepared(sql);
      if (statement.reader) return { changes: statement.all(...bind(params)).length, lastInsertRowid: 0 };
      const { changes, lastInsertRowid } = statement.run(...bind(params));
      return { changes, lastInsertRowid: Number(lastInsertRowid) };
    },
    all,
    get: async (sql, params) => (await all(sql, params))[0],
    exec,
    begin: (mode) => exec(mode === 'immediate' ? 'BEGIN IMMEDIATE' : 'BEGIN DEFERRED'),
    commit: () => exec('COMMIT'),
    rollback: async () => void (database.inTransaction && database.exec('ROLLBACK')),
    checkIntegrity: async () => [],
    rekey: async () => {
      throw new Error('a plain file has no key');
    },
    close: async () => void database.close(),
  };
}
