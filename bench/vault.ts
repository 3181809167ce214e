/**
 * The vault's two drivers against plain SQLite, through the contract and the product's own queries: one vault of
 * 10 000 cases and a million records, copied for each driver. `npm run bench -- vault [cases]`;
 * `--folder F` keeps the vault for the next run, `--only WORDS` measures only what has them in its name,
 * `--drivers plain,multiple-ciphers` leaves the others out.
 */
import { existsSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type BigVault, buildBigVault, type VaultPlan, vaultOf } from './vault/build.ts';
import { copyVault, type Desk, driversHere, openDesk, warm } from './vault/desk.ts';
import { type Figure, figureOf, measure, timed } from './vault/measure.ts';
import { operationsOn } from './vault/operations.ts';
import { lineOf, tableOf } from './vault/table.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { folder: { type: 'string' }, only: { type: 'string' }, drivers: { type: 'string' } },
});
const cases = Number(positionals[0] ?? 10_000);
const recordsPerCase = 100;
const opensCounted = 15;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** The vault of the last run in this folder, or a new one. */
async function vaultIn(folder: string): Promise<BigVault> {
  const plan = join(folder, 'plan.json');
  // Written here by the run before.
  if (existsSync(plan)) return vaultOf(JSON.parse(await readFile(plan, 'utf8')) as VaultPlan);
  const startedMs = performance.now();
  const built = await buildBigVault(folder, { cases, recordsPerCase });
  await writeFile(plan, JSON.stringify(built.plan));
  print(`built in ${Math.round((performance.now() - startedMs) / 1000)} s`);
  return built;
}

/** Closing is not counted; the last opening stays. */
async function measureOpening(folders: ReadonlyMap<string, string>) {
  const desks = new Map<string, Desk>();
  const drivers = driversHere(values.drivers);
  const turns = new Map([...folders.keys()].map((name) => [name, [] as Awaited<ReturnType<typeof timed>>[]]));
  // The first opening may bring an older vault's schema up to date.
  for (let turn = -1; turn < opensCounted; turn++) {
    for (const [name, folder] of folders) {
      const driver = drivers[name];
      if (driver === undefined) continue;
      await desks.get(name)?.laptop.vault.close();
      const took = await timed(async () => desks.set(name, await openDesk(folder, driver)));
      if (turn >= 0) turns.get(name)?.push(took);
    }
  }
  const [peer = []] = turns.values();
  return { desks, figures: new Map([...turns].map(([name, own]) => [name, figureOf(own, peer)])) };
}

async function run(folder: string): Promise<void> {
  const vault = await vaultIn(folder);
  const megabytes = Math.round((await stat(join(folder, 'vault.db'))).size / 1e6);
  print(`${vault.plan.cases} cases, ${vault.plan.records} records with their log, ${megabytes} MB`);
  const folders = await copyVault(folder, Object.keys(driversHere(values.drivers)));
  const { desks, figures } = await measureOpening(folders);
  const results = new Map<string, ReadonlyMap<string, Figure>>([
    ['open the vault, without the key', figures],
  ]);
  for (const desk of desks.values()) await warm(desk);
  for (const operation of operationsOn(vault)) {
    if (values.only !== undefined && !operation.name.includes(values.only)) continue;
    const figures = await measure(desks, operation);
    results.set(operation.name, figures);
    print(lineOf(operation.name, figures));
  }
  for (const { laptop } of desks.values()) await laptop.vault.close();
  for (const copy of folders.values()) await rm(copy, { recursive: true, force: true });
  for (const line of tableOf(results)) print(line);
  print(`load of the machine at the end: ${loadavg()[0]?.toFixed(1)}`);
  if (values.only === undefined) await keep({ megabytes, plan: vault.plan, results });
}

async function keep({
  megabytes,
  plan,
  results,
}: {
  megabytes: number;
  plan: VaultPlan;
  results: ReadonlyMap<string, ReadonlyMap<string, Figure>>;
}) {
  await mkdir(new URL('results/', import.meta.url), { recursive: true });
  const line = {
    at: new Date().toISOString(),
    cases: plan.cases,
    records: plan.records,
    megabytes,
    load: loadavg(),
    results: Object.fromEntries([...results].map(([name, figures]) => [name, Object.fromEntries(figures)])),
  };
  await appendFile(new URL('results/vault.jsonl', import.meta.url), `${JSON.stringify(line)}\n`);
}

const folder = values.folder ?? (await mkdtemp(join(tmpdir(), 'tma-bench-vault-')));
await mkdir(folder, { recursive: true });
try {
  await run(folder);
} finally {
  if (values.folder === undefined) await rm(folder, { recursive: true, force: true });
}
