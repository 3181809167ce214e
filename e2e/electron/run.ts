/** `npm run e2e:electron`: the suite for the real shell, or one line that says why it cannot run here. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root, runtime } from './launch.ts';

if (!runtime.found) {
  console.log(`The Electron suite was not run: ${runtime.why}.`);
} else if (!existsSync(join(root, 'dist/electron/main.js'))) {
  console.error('Nothing is built: run "npm run build" first.');
  process.exitCode = 1;
} else {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const { status } = spawnSync(process.execPath, [vitest, 'run', 'e2e/electron'], {
    cwd: root,
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
}
