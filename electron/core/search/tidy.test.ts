/** The parts that edits leave in the index are merged, and nothing is lost in it; on every driver. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { migrate } from '../vault/migrate.ts';
import { migrations } from '../vault/migrations/index.ts';
import { loadableDrivers, temporaryFolder } from '../vault/testing.ts';
import { mergeSearch } from './tidy.ts';

describe.each(loadableDrivers())('with $name', (driver) => {
  it('merges until there is nothing left to merge', async () => {
    using folder = temporaryFolder();
    const key = { key: Buffer.alloc(32, 1), salt: Buffer.alloc(16, 2) };
    const connection = await driver.open(join(folder.path, 'vault.db'), key, { create: true });
    const parts = async () =>
      Number((await connection.get('SELECT count(DISTINCT segid) AS n FROM search_idx'))?.n);
    try {
      await migrate(connection, migrations);
      const edits = 12;
      for (let edit = 1; edit <= edits; edit++) {
        await connection.run("INSERT INTO search (rowid, title, body, forms) VALUES (?, '', ?, '')", [
          edit,
          `Streife am Tor, Runde ${edit}`,
        ]);
      }
      expect(await parts()).toBe(edits);
      let steps = 0;
      while (await mergeSearch(connection)) steps += 1;
      expect(steps).toBeGreaterThan(0);
      expect(await parts()).toBeLessThan(4);
      const found = await connection.all("SELECT rowid FROM search WHERE search MATCH 'streife'");
      expect(found).toHaveLength(edits);
    } finally {
      await connection.close();
    }
  });
});
