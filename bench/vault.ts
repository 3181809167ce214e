/**
 * The vault's two drivers against plain SQLite, through the product's own queries: one vault of 10 000 cases and a
 * million records, copied three times and opened by each. `npm run bench -- vault [cases]`.
 */
import { appendFile, copyFile, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { type Laptop, openLaptop } from '../electron/core/storage/testing.ts';
import type { VaultDriver } from '../electron/core/vault/driver.ts';
import { multipleCiphersDriver } from '../electron/core/vault/drivers/multipleCiphers.ts';
import { loadSqlcipherDriver } from '../electron/core/vault/drivers/sqlcipher.ts';
import { systemIds } from '../platform/crypto.ts';
import { newId, type RecordId } from '../shared/ids.ts';
import { buildBigVault } from './vault/build.ts';
import { plainDriver } from './vault/plainDriver.ts';

const cases = Number(process.argv[2] ?? 10_000);
const recordsPerCase = 100;

interface Figure {
  readonly medianMs: number;
  readonly p95Ms: number;
}

async function measure(times: number, work: (turn: number) => Promise<unknown>): Promise<Figure> {
  const took: number[] = [];
  for (let turn = 0; turn < times; turn++) {
    const startedMs = performance.now();
    await work(turn);
    took.push(performance.now() - startedMs);
  }
  took.sort((a, b) => a - b);
  const at = (share: number) => took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? 0;
  return { medianMs: at(0.5), p95Ms: at(0.95) };
}

/** The same turns for every driver: cases spread over the whole vault. */
const spread = (turn: number) => (turn * 7_919) % cases;
/** Each figure is the best of so many rounds, the drivers taking turns: other work on the machine disturbs all. */
const rounds = 3;

type Measured = Record<string, Figure>;
type Built = Awaited<ReturnType<typeof buildBigVault>>;

interface Operation {
  readonly name: string;
  readonly times: number;
  readonly work: (laptop: Laptop, turn: number) => Promise<unknown>;
}

function operationsOn({ caseId, bigCase }: Built): readonly Operation[] {
  const list = { list: 'cases', descending: true, offset: 0, limit: 100 } as const;
  return [
    {
      name: 'my day',
      times: 10,
      work: ({ handlers }) => handlers['day.get']({}),
    },
    {
      name: 'open a case of 100 records',
      times: 150,
      work: ({ handlers }, turn) => handlers['cases.get']({ caseId: caseId(spread(turn)) }),
    },
    {
      name: 'open a case of 500 records',
      times: 40,
      work: ({ handlers }) => handlers['cases.get']({ caseId: bigCase }),
    },
    {
      name: 'list 100 of all cases',
      times: 40,
      work: ({ handlers }) => handlers['cases.list']({ ...list, sort: 'updated' }),
    },
    {
      name: 'filter all cases by a word',
      times: 40,
      work: ({ handlers }, turn) =>
        handlers['cases.list']({ ...list, sort: 'title', text: `fall${spread(turn)}` }),
    },
    {
      name: 'search a word of one case',
      times: 100,
      work: ({ handlers }, turn) => handlers['search.query']({ text: `wort${spread(turn)}`, limit: 20 }),
    },
    {
      name: 'save one edit',
      times: 80,
      work: ({ handlers }, turn) => {
        const fields = { text: { value: `Notiz ${turn}`, saw: [] } };
        const record = newId<RecordId>(systemIds);
        const edits = [{ record, kind: 'note', op: 'create' as const, fields }];
        return handlers['cases.edit']({ caseId: caseId(spread(turn)), edits });
      },
    },
  ];
}

async function measureAll(
  drivers: Readonly<Record<string, VaultDriver>>,
  folders: Readonly<Record<string, string>>,
  built: Built,
): Promise<Readonly<Record<string, Measured>>> {
  const laptops: Record<string, Laptop> = {};
  const results: Record<string, Measured> = {};
  for (const [name, driver] of Object.entries(drivers)) {
    const folder = folders[name] ?? '';
    const open = await measure(5, async () => {
      await laptops[name]?.vault.close();
      laptops[name] = await openLaptop({ folder, name: 'Jana', driver });
    });
    results[name] = { 'open the vault': open };
  }
  for (const { name: operation, times, work } of operationsOn(built)) {
    for (let round = 0; round < rounds; round++) {
      for (const [name, laptop] of Object.entries(laptops)) {
        const figure = await measure(times, (turn) => work(laptop, turn + round * times));
        const measured = results[name] ?? {};
        const best = measured[operation];
        if (best === undefined || figure.medianMs < best.medianMs) measured[operation] = figure;
      }
    }
  }
  for (const { vault } of Object.values(laptops)) await vault.close();
  return results;
}

/** `sqlcipher` is compiled at install time and not everywhere. */
function loadDrivers(): Readonly<Record<string, VaultDriver>> {
  const always = { plain: plainDriver, 'multiple-ciphers': multipleCiphersDriver };
  try {
    return { ...always, sqlcipher: loadSqlcipherDriver() };
  } catch {
    return always;
  }
}

async function prepareCopies(folder: string): Promise<Readonly<Record<string, string>>> {
  const folders: Record<string, string> = {};
  for (const name of ['plain', 'multiple-ciphers', 'sqlcipher']) {
    folders[name] = join(folder, name);
    await mkdir(folders[name]);
    await copyFile(join(folder, 'vault.db'), join(folders[name], 'vault.db'));
  }
  decrypt(join(folders.plain ?? '', 'vault.db'));
  return folders;
}

/** Takes the encryption off the copy for the peer. Test data only. */
function decrypt(path: string): void {
  const database = new Database(path) as Database.Database & {
    rekey(key: Buffer): number;
    key(key: Buffer): number;
  };
  database.pragma("cipher = 'sqlcipher'");
  database.pragma('legacy = 4');
  database.key(Buffer.concat([Buffer.from('raw:'), Buffer.alloc(32, 7), Buffer.alloc(16, 9)]));
  database.pragma('journal_mode = DELETE');
  database.rekey(Buffer.alloc(0));
  database.close();
}

function tableOf(results: Readonly<Record<string, Measured>>): readonly string[] {
  const names = Object.keys(results.plain ?? {});
  const drivers = Object.keys(results).filter((name) => name !== 'plain');
  const ms = (value: number) => value.toFixed(value < 10 ? 2 : 1);
  const rows = [
    ['median ms (p95)', 'plain SQLite', ...drivers.flatMap((name) => [name, '× plain'])],
    ...names.map((name) => {
      const plain = results.plain?.[name];
      const cells = drivers.flatMap((driver) => {
        const figure = results[driver]?.[name];
        if (figure === undefined || plain === undefined) return ['-', '-'];
        return [
          `${ms(figure.medianMs)} (${ms(figure.p95Ms)})`,
          (figure.medianMs / plain.medianMs).toFixed(2),
        ];
      });
      return [name, plain === undefined ? '-' : `${ms(plain.medianMs)} (${ms(plain.p95Ms)})`, ...cells];
    }),
  ];
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

const folder = await mkdtemp(join(tmpdir(), 'tma-bench-vault-'));
const print = (line: string): void => void process.stdout.write(`${line}\n`);
try {
  const startedMs = performance.now();
  const built = await buildBigVault(folder, { cases, recordsPerCase });
  const { size } = await stat(join(folder, 'vault.db'));
  const seconds = Math.round((performance.now() - startedMs) / 1000);
  print(`${cases} cases, ${built.records} records, ${Math.round(size / 1e6)} MB, built in ${seconds} s`);
  const folders = await prepareCopies(folder);
  const results = await measureAll(loadDrivers(), folders, built);
  for (const line of tableOf(results)) print(line);
  await mkdir(new URL('results/', import.meta.url), { recursive: true });
  const record = {
    at: new Date().toISOString(),
    cases,
    records: built.records,
    megabytes: Math.round(size / 1e6),
    results,
  };
  await appendFile(new URL('results/vault.jsonl', import.meta.url), `${JSON.stringify(record)}\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
