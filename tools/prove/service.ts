/**
 * `npm run prove:service`: the service under 100 000 requests of any shape, every route asked by everybody who has no
 * business with a case, and the tests of each named attack (forged and repeated proofs, forged authors, broken chains,
 * packings that burst, clocks off by years). `TMA_FUZZ_REQUESTS` and `TMA_FUZZ_SEED` say how many and which.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const attacks = [
  'server/access',
  'server/http',
  'server/auth',
  'server/db/wall',
  'server/handIn',
  'server/sync/push',
  'server/sync/access',
];
const { status } = spawnSync(
  process.execPath,
  [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--project', 'integration', ...attacks],
  { cwd: root, stdio: 'inherit', env: { TMA_FUZZ_REQUESTS: '100000', ...process.env } },
);
process.exitCode = status ?? 1;
