/**
 * `npm run prove:vault`: the long proofs of the vault. The canary is planted in every field and file and looked for in
 * every file of the profile and every temporary one and in the memory of the host, and the lock is timed; programs are killed at random
 * while they edit, attach, take evidence in, change the passphrase, renew the key and migrate. Prints one table and
 * appends it to bench/results; exit 1 when anything failed.
 */
import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { seededRandom } from '../demo/random.ts';
import { thisCheckout } from '../run/places.ts';
import { say, step } from '../support/progress.mjs';
import { runCanary } from './vault/canary.ts';
import { type KillAction, type KillResult, killWhile } from './vault/kills.ts';

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '40' },
    kills: { type: 'string', default: '220' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
const kills = Number(values.kills);
const seed = Number(values.seed);

const lockLimitMs = 2_000;

/** Shares of the kills. */
const shares: Readonly<Record<KillAction, number>> = {
  edit: 0.3,
  attach: 0.1,
  evidence: 0.2,
  rewrap: 0.15,
  rekey: 0.13,
  migrate: 0.12,
};

const canary = await step('Planting canaries and looking for them', () =>
  runCanary({ cases: Number(values.cases) }),
);
const actions = Object.entries(shares) as [KillAction, number][];
const results = await step(`Killing programs ${kills} times (seed ${seed})`, async (news) => {
  const done: KillResult[] = [];
  // Two at a time: each spends most of its time waiting to be killed.
  const waiting = [...actions.entries()];
  const next = async (): Promise<void> => {
    for (let turn = waiting.shift(); turn !== undefined; turn = waiting.shift()) {
      const [index, [action, share]] = turn;
      const { between } = seededRandom(`${seed}/${index}`);
      const random = () => between(0, 1_000_000) / 1_000_000;
      done.push(await killWhile(action, { kills: Math.ceil(kills * share), random }));
      news(action);
    }
  };
  await Promise.all([next(), next()]);
  return done;
});

const slowLocks = canary.lockMs.filter((ms) => ms > lockLimitMs);
const rows = [
  ['proof', 'tried', 'acknowledged', 'found or lost', 'not opening'],
  [
    'canary: no planted text in any file or in memory',
    `${canary.planted} texts, ${canary.files} files, ${canary.megabytes} MB`,
    canary.wouldFind ? 'control found' : 'CONTROL NOT FOUND',
    String(canary.finds.length),
    '-',
  ],
  ['canary: no temporary file while sorting', '1 vault', '-', String(canary.spilled.length), '-'],
  [
    'lock: until the case process is gone, 2 s at most',
    `${canary.lockMs.length} locks`,
    `${canary.lockMs.join(', ')} ms`,
    slowLocks.length === 0 ? '0' : `${slowLocks.length} TOO SLOW`,
    '-',
  ],
  ...results.map(({ action, kills: tried, acknowledged, lost, broken }) => [
    `kill -9 while: ${action}`,
    `${tried} kills`,
    String(acknowledged),
    String(lost.length),
    String(broken.length),
  ]),
];
const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
const table = rows.map((row) =>
  row
    .map((cell, column) => cell.padEnd(widths[column] ?? 0))
    .join('  ')
    .trimEnd(),
);
say(`\n${table.join('\n')}`);
const details = [
  ...canary.finds.map(({ path, text }) => `found ${text} in ${path}`),
  ...canary.spilled,
  ...results.flatMap(({ lost, broken }) => [...lost, ...broken]),
];
if (details.length > 0) say(details.join('\n'));
const folder = join(thisCheckout, 'bench', 'results');
await mkdir(folder, { recursive: true });
const record = {
  at: new Date().toISOString(),
  seed,
  canary: { ...canary, finds: canary.finds.length },
  results,
};
await appendFile(join(folder, 'prove-vault.jsonl'), `${JSON.stringify(record)}\n`);
const failed = details.length > 0 || slowLocks.length > 0 || !canary.wouldFind;
say(failed ? 'NOT PROVED' : 'proved');
process.exitCode = failed ? 1 : 0;
