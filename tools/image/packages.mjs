/** In the build of the image: the packages of the lockfile, unless they are there already. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

if (!existsSync('node_modules/vite/bin/vite.js')) {
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
}
