/**
 * `npm run prove:shell`: the registry under 120 000 hostile calls, bare and with the real core behind it, and every
 * other test that attacks a control of the shell. A failing seed is printed; `TMA_FUZZ_SEED` repeats it.
 */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countReport } from '../testing/outcome.ts';

const root = join(import.meta.dirname, '../..');
const calls = process.env.TMA_FUZZ_CALLS ?? '120000';

const proofs: readonly (readonly [what: string, ...files: readonly string[]])[] = [
  [`E09: ${calls} calls of any shape against the registry`, 'electron/core/dispatch/dispatcher'],
  [`E09: ${calls} calls against the core with an open vault`, 'electron/core/dispatch/core.fuzz'],
  [
    'E01–E16: policies, the shell on a faithful Electron, the bridge',
    'electron/policy',
    'electron/main',
    'electron/preload',
  ],
  ['E09, E12, E15: the case process, killed and restarted', 'electron/core/process'],
  ['S01, S03: whom the laptop talks to', 'electron/core/service', 'electron/core/sync/pins'],
  ['E18: the supply chain', 'tools/supply'],
  ['E02–E04, E14, E16: in a real Chromium', 'e2e/preview', 'e2e/ui/copying'],
];

const folder = await mkdtemp(join(tmpdir(), 'tma-prove-'));
const lines: string[] = [];
let failed = 0;
for (const [what, ...files] of proofs) {
  const startedMs = Date.now();
  const report = join(folder, 'report.json');
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const { status } = spawnSync(
    process.execPath,
    [vitest, 'run', ...files, '--reporter=dot', '--reporter=json', `--outputFile.json=${report}`],
    { cwd: root, stdio: 'inherit', env: { ...process.env, TMA_FUZZ_CALLS: calls } },
  );
  const text = await readFile(report, 'utf8').catch(() => 'null');
  rmSync(report, { force: true });
  const outcome = countReport(JSON.parse(text), status ?? 1);
  failed += outcome.failed;
  const seconds = ((Date.now() - startedMs) / 1_000).toFixed(0).padStart(5);
  lines.push(`${seconds} s ${String(outcome.passed).padStart(5)} passed ${outcome.failed} failed  ${what}`);
}
rmSync(folder, { recursive: true, force: true });
console.log(`\n${lines.join('\n')}\n${failed === 0 ? 'proved' : `${failed} failed`}`);
process.exitCode = failed === 0 ? 0 : 1;
