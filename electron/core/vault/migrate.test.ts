import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { VaultConnection } from './driver.ts';
import { type Migration, migrate, readSchemaVersion } from './migrate.ts';
import { loadableDrivers, temporaryFolder } from './testing.ts';

const key = { key: Buffer.alloc(32, 1), salt: Buffer.alloc(16, 2) };

const first: Migration = {
  number: 1,
  name: 'first',
  kind: 'expand',
  up: (connection) => connection.exec('CREATE TABLE a (id INTEGER PRIMARY KEY) STRICT'),
};
const second: Migration = {
  number: 2,
  name: 'second',
  kind: 'expand',
  up: (connection) => connection.exec('ALTER TABLE a ADD COLUMN text TEXT; INSERT INTO missing VALUES (1)'),
};
const fixed: Migration = {
  ...second,
  up: (connection) => connection.exec('ALTER TABLE a ADD COLUMN text TEXT'),
};

describe.each(loadableDrivers().map((driver) => [driver.name, driver] as const))(
  'migrations over %s',
  (_name, driver) => {
    async function withConnection(work: (connection: VaultConnection) => Promise<void>): Promise<void> {
      using folder = temporaryFolder();
      const connection = await driver.open(join(folder.path, 'v.db'), key, { create: true });
      try {
        await work(connection);
      } finally {
        await connection.close();
      }
    }

    it('runs what is missing, in order, and nothing twice', () =>
      withConnection(async (connection) => {
        expect(await migrate(connection, [first])).toEqual({ from: 0, to: 1 });
        expect(await migrate(connection, [first, fixed])).toEqual({ from: 1, to: 2 });
        expect(await migrate(connection, [first, fixed])).toEqual({ from: 2, to: 2 });
      }));

    it('undoes a migration that fails and can run it again once it is repaired', () =>
      withConnection(async (connection) => {
        await expect(migrate(connection, [first, second])).rejects.toMatchObject({ name: 'SqlError' });
        expect(await readSchemaVersion(connection)).toBe(1);
        expect(await connection.all('SELECT * FROM pragma_table_info(?)', ['a'])).toHaveLength(1);
        expect(await migrate(connection, [first, fixed])).toEqual({ from: 1, to: 2 });
      }));

    it('refuses a newer schema and a list with a gap', () =>
      withConnection(async (connection) => {
        await migrate(connection, [first, fixed]);
        await expect(migrate(connection, [first])).rejects.toMatchObject({
          code: 'vault.newer-schema',
          params: { found: 2, known: 1 },
        });
        await expect(migrate(connection, [first, { ...fixed, number: 3 }])).rejects.toThrow('expected 2');
      }));
  },
);
