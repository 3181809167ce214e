/** What a vault driver has to do; the same suite for each, and each on the other's files. */
import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { VaultConnection, VaultDriver, VaultKey } from '../driver.ts';
import { filesContaining, loadableDrivers, temporaryFolder } from '../testing.ts';

const key: VaultKey = { key: Buffer.alloc(32, 0x41), salt: Buffer.alloc(16, 0x42) };
const otherKey: VaultKey = { key: Buffer.alloc(32, 0x43), salt: Buffer.alloc(16, 0x42) };
const canary = 'canary-Zwölfhundertfünfzig-7731';

const schema = `
  CREATE TABLE note (id INTEGER PRIMARY KEY, body TEXT, data BLOB, at INTEGER, share REAL) STRICT;
  CREATE VIRTUAL TABLE note_text USING fts5(body, content='note', content_rowid='id', tokenize='unicode61');
  CREATE TRIGGER note_insert AFTER INSERT ON note BEGIN
    INSERT INTO note_text (rowid, body) VALUES (new.id, new.body);
  END;
  CREATE TRIGGER note_delete AFTER DELETE ON note BEGIN
    INSERT INTO note_text (note_text, rowid, body) VALUES ('delete', old.id, old.body);
  END;
  INSERT INTO note_text (note_text, rank) VALUES ('secure-delete', 1);
`;

async function withVault(
  driver: VaultDriver,
  work: (connection: VaultConnection, path: string, folder: string) => Promise<void>,
): Promise<void> {
  using folder = temporaryFolder();
  const path = join(folder.path, 'vault.db');
  const connection = await driver.open(path, key, { create: true });
  try {
    await connection.exec(schema);
    await work(connection, path, folder.path);
  } finally {
    await connection.close();
  }
}

const drivers = loadableDrivers();

describe.each(drivers.map((driver) => [driver.name, driver] as const))('%s', (_name, driver) => {
  it('keeps every kind of value exactly, in both directions', () =>
    withVault(driver, async (connection) => {
      const bytes = Uint8Array.of(0, 1, 254, 255);
      const params = [7, 'Grüße 👩🏽‍🚒 \u0000 end', bytes, 1_767_225_600_123, 0.1];
      const { changes, lastInsertRowid } = await connection.run(
        'INSERT INTO note (id, body, data, at, share) VALUES (?, ?, ?, ?, ?)',
        params,
      );
      expect({ changes, lastInsertRowid }).toEqual({ changes: 1, lastInsertRowid: 7 });
      const row = await connection.get('SELECT *, typeof(at) AS type FROM note WHERE at = ?', [
        params[3] ?? 0,
      ]);
      expect(row).toEqual({
        id: 7,
        body: params[1],
        data: Buffer.from(bytes),
        at: params[3],
        share: 0.1,
        type: 'integer',
      });
      expect(await connection.get('SELECT ? IS NULL AS empty', [null])).toEqual({ empty: 1 });
      expect(await connection.get('SELECT * FROM note WHERE id = 0')).toBeUndefined();
    }));

  it.each([[true], [undefined], [Number.NaN], [new Date()], [{}]])('refuses to store %o', (value) =>
    withVault(driver, async (connection) => {
      // What the type forbids can still arrive from untyped code.
      const params = [value as unknown as string];
      await expect(connection.run('INSERT INTO note (body) VALUES (?)', params)).rejects.toThrow(TypeError);
    }),
  );

  it('takes a batch as one JSON parameter and gives back inserted rows', () =>
    withVault(driver, async (connection) => {
      const rows = JSON.stringify([
        { body: 'one', data: '00ff' },
        { body: 'two', data: 'abcd' },
      ]);
      const insert = `INSERT INTO note (body, data) SELECT value->>'body', unhex(value->>'data') FROM json_each(?)`;
      expect((await connection.run(insert, [rows])).changes).toBe(2);
      const returned = await connection.all(`${insert} RETURNING id, hex(data) AS data`, [rows]);
      expect(returned).toEqual([
        { id: 3, data: '00FF' },
        { id: 4, data: 'ABCD' },
      ]);
      expect((await connection.run(`${insert} RETURNING id`, [rows])).changes).toBe(2);
      expect((await connection.run(`WITH x AS (SELECT 1) DELETE FROM note WHERE id > 2`)).changes).toBe(4);
    }));

  it('runs statements in the order they were asked for', () =>
    withVault(driver, async (connection) => {
      const numbers = Array.from({ length: 50 }, (_, i) => i + 1);
      await Promise.all(numbers.map((n) => connection.run('INSERT INTO note (body) VALUES (?)', [`${n}`])));
      const rows = await connection.all('SELECT id, body FROM note ORDER BY id');
      expect(rows.map((row) => row.body)).toEqual(numbers.map(String));
    }));

  it('undoes a transaction, also after an error inside it, and goes on', () =>
    withVault(driver, async (connection) => {
      await connection.begin('immediate');
      await connection.run(`INSERT INTO note (id, body) VALUES (1, 'a')`);
      const twice = connection.run(`INSERT INTO note (id, body) VALUES (1, 'b')`);
      await expect(twice).rejects.toMatchObject({ name: 'SqlError', code: 'SQLITE_CONSTRAINT' });
      await connection.rollback();
      await connection.rollback();
      expect(await connection.get('SELECT count(*) AS n FROM note')).toEqual({ n: 0 });
      await expect(connection.all('SELECT nothing FROM note')).rejects.toMatchObject({ name: 'SqlError' });
      await connection.begin('deferred');
      await connection.run(`INSERT INTO note (id, body) VALUES (1, 'c')`);
      await connection.commit();
      expect(await connection.all('SELECT body FROM note')).toEqual([{ body: 'c' }]);
    }));

  it('never puts a value into an error', () =>
    withVault(driver, async (connection) => {
      await connection.run('INSERT INTO note (id, body) VALUES (1, ?)', [canary]);
      const failure = await connection
        .run('INSERT INTO note (id, body) VALUES (1, ?)', [canary])
        .catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(Error);
      expect(JSON.stringify(failure) + String(failure) + String((failure as Error).stack)).not.toContain(
        'canary',
      );
    }));

  it('finds words with FTS5, ranks them and forgets deleted ones', () =>
    withVault(driver, async (connection) => {
      await connection.run('INSERT INTO note (body) VALUES (?), (?)', [
        'Drohung am Telefon',
        'Telefonat ohne Befund',
      ]);
      const search =
        'SELECT rowid, bm25(note_text) AS rank FROM note_text WHERE note_text MATCH ? ORDER BY rank';
      expect((await connection.all(search, ['drohung'])).map((row) => row.rowid)).toEqual([1]);
      expect(await connection.all(search, ['telefon*'])).toHaveLength(2);
      await connection.run('DELETE FROM note WHERE id = 1');
      expect(await connection.all(search, ['drohung'])).toEqual([]);
    }));

  it('leaves no plain text in any file, with the log not yet folded in', () =>
    withVault(driver, async (connection, path, folder) => {
      const rows = JSON.stringify(Array.from({ length: 5000 }, (_, i) => `${canary} ${i}`));
      await connection.run('INSERT INTO note (body) SELECT value FROM json_each(?)', [rows]);
      await connection.run('DELETE FROM note WHERE id % 2 = 0');
      expect(statSync(`${path}-wal`).size).toBeGreaterThan(100_000);
      expect(filesContaining(folder, 'canary-Zw')).toEqual([]);
      await connection.close();
      expect(filesContaining(folder, 'canary-Zw')).toEqual([]);
      expect(filesContaining(folder, 'SQLite format 3')).toEqual([]);
      expect(readdirSync(folder)).toEqual(['vault.db']);
      expect(readFileSync(path).subarray(0, 16)).toEqual(Buffer.from(key.salt));
    }));

  it('has every protection switched on', () =>
    withVault(driver, async (connection) => {
      const expected = {
        temp_store: 2,
        journal_mode: 'wal',
        synchronous: 2,
        foreign_keys: 1,
        secure_delete: 1,
        trusted_schema: 0,
        cell_size_check: 1,
      };
      for (const [pragma, value] of Object.entries(expected)) {
        expect(await connection.get(`PRAGMA ${pragma}`)).toEqual({ [pragma]: value });
      }
      const mapped = await connection.get('PRAGMA mmap_size');
      expect(mapped?.mmap_size ?? 0).toBe(0);
    }));

  it('does not open with another key, does not change the file, and does not make a missing one', async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'vault.db');
    await expect(driver.open(path, key)).rejects.toMatchObject({ code: 'vault.missing' });
    expect(existsSync(path)).toBe(false);
    const made = await driver.open(path, key, { create: true });
    await made.exec(schema);
    await made.close();
    const before = readFileSync(path);
    await expect(driver.open(path, otherKey)).rejects.toMatchObject({ code: 'vault.damaged' });
    expect(readFileSync(path).equals(before)).toBe(true);
    await (await driver.open(path, key)).close();
  });

  it('notices a changed byte on any page', async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'vault.db');
    const connection = await driver.open(path, key, { create: true });
    await connection.exec(schema);
    const rows = JSON.stringify(Array.from({ length: 500 }, (_, i) => `${'text '.repeat(30)}${i}`));
    await connection.run('INSERT INTO note (body) SELECT value FROM json_each(?)', [rows]);
    expect(await connection.checkIntegrity()).toEqual([]);
    await connection.close();
    const whole = readFileSync(path);
    const bytes = Buffer.from(whole);
    const at = 4096 * 9 + 1234;
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    writeFileSync(path, bytes);
    const damaged = await driver.open(path, key);
    const found = await damaged.checkIntegrity().catch((error: Error) => [error.message]);
    expect(found.length).toBeGreaterThan(0);
    const reading = damaged.all('SELECT * FROM note ORDER BY body');
    await expect(reading).rejects.toMatchObject({ code: 'vault.damaged' });
    await damaged.close();
    copyFileSync(path, join(folder.path, 'cut.db'));
    truncateSync(join(folder.path, 'cut.db'), 100);
    await expect(driver.open(join(folder.path, 'cut.db'), key)).rejects.toMatchObject({
      code: 'vault.damaged',
    });
  });

  it('encrypts a finished file anew under another key', async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'vault.db');
    const connection = await driver.open(path, key, { create: true, journal: 'single-file' });
    await connection.exec(schema);
    await connection.run('INSERT INTO note (body) VALUES (?)', [canary]);
    await connection.rekey(otherKey);
    await connection.close();
    expect(readdirSync(folder.path)).toEqual(['vault.db']);
    for (const reader of drivers) {
      await expect(reader.open(path, key)).rejects.toMatchObject({ code: 'vault.damaged' });
      const again = await reader.open(path, otherKey);
      expect(await again.checkIntegrity()).toEqual([]);
      expect(await again.get('SELECT body FROM note')).toEqual({ body: canary });
      await again.close();
    }
  });
});

describe.runIf(drivers.length > 1)('one file format', () => {
  const pairs = drivers.flatMap((a) =>
    drivers.filter((b) => b !== a).map((b) => [a.name, b.name, a, b] as const),
  );

  it.each(pairs)('what %s wrote, %s reads, searches and extends, and back', async (_a, _b, first, second) => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'vault.db');
    const search = `SELECT rowid FROM note_text WHERE note_text MATCH 'spur*' ORDER BY rowid`;
    const made = await first.open(path, key, { create: true });
    await made.exec(schema);
    await made.run('INSERT INTO note (body) VALUES (?)', ['erste Spur']);
    await made.close();
    const extended = await second.open(path, key);
    expect(await extended.all(search)).toEqual([{ rowid: 1 }]);
    await extended.run('INSERT INTO note (body) VALUES (?)', ['zweite Spur, Größe XL']);
    await extended.run('DELETE FROM note WHERE id = 1');
    await extended.close();
    const back = await first.open(path, key);
    expect(await back.all('SELECT id, body FROM note')).toEqual([{ id: 2, body: 'zweite Spur, Größe XL' }]);
    expect(await back.all(search)).toEqual([{ rowid: 2 }]);
    expect(await back.checkIntegrity()).toEqual([]);
    await back.close();
  });
});
