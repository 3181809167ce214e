import { statSync } from 'node:fs';
import { type Kysely, sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { openProfile } from '../device/profile.ts';
import { batch } from './dialect.ts';
import {
  countNotes,
  loadableDrivers,
  type ManualClock,
  manualClock,
  memorySecrets,
  type NoteTables,
  noteMigrations,
  temporaryFolder,
  testBinding,
  testKdf,
  testPassphrase,
} from './testing.ts';
import type { OpenVault, VaultOptions } from './types.ts';
import { createVault } from './vault.ts';

const note = (text: string) => ({ text });

const insertNotes = 'INSERT INTO note (text) SELECT value FROM json_each(?)';

describe.each(loadableDrivers().map((driver) => [driver.name, driver] as const))(
  'an open vault over %s',
  (_name, driver) => {
    async function withVault(
      work: (vault: OpenVault<NoteTables>, clock: ManualClock, file: string) => Promise<void>,
      options: Pick<VaultOptions, 'tidy'> = {},
    ): Promise<void> {
      using folder = temporaryFolder();
      const profile = openProfile(folder.path);
      const clock = manualClock();
      const vault = await createVault<NoteTables>({
        ...options,
        profile,
        clock,
        driver,
        secrets: memorySecrets(),
        passphrase: testPassphrase,
        migrations: noteMigrations,
        binding: testBinding,
        kdf: testKdf,
      });
      try {
        await work(vault, clock, profile.vaultFile);
      } finally {
        await vault.close();
        profile.close();
      }
    }

    it('waits for the disk, but where a write can be had again', () =>
      withVault(async (vault) => {
        // It is read while it is compiled: a statement that was kept would say what held then.
        const level = (tx: Kysely<NoteTables>, nth: number) =>
          sql<{ synchronous: number }>`PRAGMA main.synchronous ${sql.raw(`/* ${nth} */`)}`
            .execute(tx)
            .then(({ rows }) => rows[0]?.synchronous);
        const full = 2;
        const normal = 1;
        expect(await vault.write((tx) => level(tx, 1))).toBe(full);
        expect(await vault.write((tx) => level(tx, 2), { durable: false })).toBe(normal);
        expect(await vault.write((tx) => level(tx, 3), { durable: false })).toBe(normal);
        expect(await vault.write((tx) => level(tx, 4))).toBe(full);
      }));

    it('runs writes one after another, and no read sees half of one', () =>
      withVault(async (vault) => {
        const seen: number[] = [];
        const writes = [1, 2, 3].map((n) =>
          vault.write(async (tx) => {
            await tx
              .insertInto('note')
              .values(note(`${n}a`))
              .execute();
            await new Promise((resolve) => setTimeout(resolve, 5));
            await tx
              .insertInto('note')
              .values(note(`${n}b`))
              .execute();
          }),
        );
        const reads = Array.from({ length: 20 }, async (_, i) => {
          await new Promise((resolve) => setTimeout(resolve, i));
          seen.push(await countNotes(vault.db));
        });
        await Promise.all([...writes, ...reads]);
        expect(seen.every((n) => n % 2 === 0)).toBe(true);
        const rows = await vault.db.selectFrom('note').select('text').orderBy('id').execute();
        expect(rows.map((row) => row.text)).toEqual(['1a', '1b', '2a', '2b', '3a', '3b']);
      }));

    it('keeps nothing of a write that failed, and goes on with the next', () =>
      withVault(async (vault) => {
        const failing = vault.write(async (tx) => {
          await tx.insertInto('note').values(note('lost')).execute();
          throw new Error('changed my mind');
        });
        const next = vault.write((tx) => tx.insertInto('note').values(note('kept')).execute());
        await expect(failing).rejects.toThrow('changed my mind');
        await next;
        expect(await vault.db.selectFrom('note').select('text').execute()).toEqual([{ text: 'kept' }]);
      }));

    it('throws at a nested turn instead of waiting for itself', () =>
      withVault(async (vault) => {
        await expect(vault.write(() => countNotes(vault.db))).rejects.toThrow(
          'use the transaction handed in',
        );
        await expect(vault.write(() => vault.write(async () => 1))).rejects.toThrow(
          'use the transaction handed in',
        );
        await expect(vault.read(() => countNotes(vault.db))).rejects.toThrow('use the transaction handed in');
        expect(await vault.read((tx) => countNotes(tx))).toBe(0);
      }));

    it('answers queries as Kysely expects: inserted id, affected rows, returned rows, raw SQL', () =>
      withVault(async (vault) => {
        const result = await vault.write(async (tx) => {
          const inserted = await tx
            .insertInto('note')
            .values([note('a'), note('b')])
            .executeTakeFirst();
          const updated = await tx
            .updateTable('note')
            .set({ text: 'c' })
            .where('id', '=', 1)
            .executeTakeFirst();
          const deleted = await tx.deleteFrom('note').where('id', '=', 2).returning('text').execute();
          const pragma = await sql<{ user_version: number }>`PRAGMA user_version`.execute(tx);
          const rows = await batch(tx, `INSERT INTO note (text) SELECT value->>'t' FROM json_each(?)`, [
            { t: 'x' },
            { t: 'y' },
            { t: 'z' },
          ]);
          return { inserted, updated, deleted, version: pragma.rows[0]?.user_version, rows };
        });
        expect(result.inserted).toEqual({ insertId: 2n, numInsertedOrUpdatedRows: 2n });
        expect(result.updated.numUpdatedRows).toBe(1n);
        expect(result).toMatchObject({ deleted: [{ text: 'b' }], version: 1, rows: 3 });
        expect(await countNotes(vault.db)).toBe(4);
      }));

    it('refuses work after closing, finishes what was asked for before', () =>
      withVault(async (vault) => {
        const write = vault.write((tx) =>
          tx.insertInto('note').values(note('last')).returning('id').execute(),
        );
        const closing = vault.close();
        expect(await write).toEqual([{ id: 1 }]);
        await closing;
        await expect(countNotes(vault.db)).rejects.toMatchObject({ code: 'vault.locked' });
        await expect(vault.write(async () => 1)).rejects.toMatchObject({ code: 'vault.locked' });
      }));

    it('folds the log in soon after a write, and not as part of it', () =>
      withVault(async (vault, clock, file) => {
        const size = () => statSync(file).size;
        const before = size();
        const longText = 'x'.repeat(4_000);
        // More than the thousand pages after which SQLite by itself would make a commit wait.
        for (let n = 0; n < 12; n++) {
          await vault.write((tx) =>
            batch(
              tx,
              insertNotes,
              Array.from({ length: 100 }, () => longText),
            ),
          );
        }
        expect(size()).toBe(before);
        clock.advance(1_000);
        await expect.poll(size).toBeGreaterThan(before + 1_200 * 4_000);
      }));

    it('tidies up step by step when it is quiet, makes way for who writes, and goes on later', async () => {
      let steps = 0;
      const second = Promise.withResolvers<void>();
      const tidy = async () => {
        steps += 1;
        if (steps === 2) second.resolve();
        await new Promise((resolve) => setTimeout(resolve, 5));
        return steps < 6;
      };
      await withVault(
        async (vault, clock) => {
          const write = () => vault.write((tx) => tx.insertInto('note').values(note('a')).execute());
          await write();
          const written = second.promise.then(write);
          clock.advance(30_000);
          await written;
          expect(await countNotes(vault.db)).toBe(2);
          expect(steps).toBeLessThan(5);
          clock.advance(30_000);
          await expect.poll(() => steps).toBe(6);
        },
        { tidy },
      );
    });

    it('empties the log when it has been quiet for half a minute', () =>
      withVault(async (vault, clock, file) => {
        await vault.write((tx) => tx.insertInto('note').values(note('x')).execute());
        clock.advance(29_000);
        await countNotes(vault.db);
        expect(statSync(`${file}-wal`).size).toBeGreaterThan(0);
        clock.advance(1_000);
        await countNotes(vault.db);
        expect(statSync(`${file}-wal`).size).toBe(0);
      }));
  },
);
