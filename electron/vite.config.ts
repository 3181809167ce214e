/**
 * Bundles what runs in Electron: the shell, the preload script, the case process and its second thread. Bundles of
 * their own, because they run in places that must not share a line by accident. Run after the renderer's build: the shell is
 * made with the hashes of its files (E02).
 */
import { builtinModules } from 'node:module';
import { fileURLToPath } from 'node:url';
import { defineConfig, type EnvironmentOptions, type Plugin } from 'vite';
import { eventNames } from '../shared/contract/events.ts';
import { procedureNames } from '../shared/contract/procedures.ts';
import { assetMap, readRenderer } from '../tools/preview/assetMap.ts';

const fromProject = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** Made of native code, so they stay in `node_modules` and are unpacked from the archive. */
const nativePackages = ['better-sqlite3', '@journeyapps/sqlcipher', '@node-rs/argon2'];

const external = ['electron', ...nativePackages, ...builtinModules, /^node:/];

interface Bundle {
  readonly input: string;
  readonly output: string;
  readonly format: 'es' | 'cjs';
  readonly define?: Readonly<Record<string, string>>;
}

function bundle({ input, output, format, define = {} }: Bundle): EnvironmentOptions {
  return {
    consumer: 'server',
    resolve: {
      noExternal: true,
      external: nativePackages,
      conditions: ['node', 'import', 'module', 'default'],
    },
    define: { 'process.env.NODE_ENV': '"production"', ...define },
    build: {
      target: 'node24',
      outDir: fromProject('dist/electron'),
      emptyOutDir: false,
      minify: false,
      sourcemap: false,
      rolldownOptions: {
        input: fromProject(input),
        external,
        output: { format, entryFileNames: output, codeSplitting: false },
      },
    },
  };
}

/** Reads the built renderer when Vite builds, not when somebody only reads this configuration. */
const rendererAssets: Plugin = {
  name: 'renderer-assets',
  config: () => ({
    environments: {
      main: {
        define: { RENDERER_ASSETS: JSON.stringify(assetMap(readRenderer(fromProject('dist/renderer')))) },
      },
    },
  }),
};

export default defineConfig({
  root: fromProject('electron'),
  plugins: [rendererAssets],
  publicDir: false,
  environments: {
    main: bundle({
      input: 'electron/main/main.ts',
      output: 'main.js',
      format: 'es',
      define: {
        RELEASE_KEY: JSON.stringify(process.env.TMA_RELEASE_KEY ?? ''),
      },
    }),
    preload: bundle({
      input: 'electron/preload/preload.ts',
      output: 'preload.cjs',
      format: 'cjs',
      define: {
        PROCEDURE_NAMES: JSON.stringify(procedureNames),
        EVENT_NAMES: JSON.stringify(eventNames),
      },
    }),
    core: bundle({ input: 'electron/core/process/entry.ts', output: 'core.js', format: 'es' }),
    reader: bundle({ input: 'electron/core/sync/readerWorker.ts', output: 'reader.js', format: 'es' }),
  },
  builder: {
    async buildApp(builder) {
      for (const name of ['main', 'preload', 'core', 'reader']) {
        const environment = builder.environments[name];
        if (environment !== undefined) await builder.build(environment);
      }
    },
  },
});
