/**
 * Bundles the service for its image: three programs that share their chunks, with every package inside, so that the
 * image holds Node and these files and no `node_modules`. Nothing the service runs in production is native code.
 */
import { builtinModules } from 'node:module';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const fromProject = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** The description of the interface, which production does not show; and what `pg` looks for and does without. */
const leftOut = ['@fastify/swagger', '@fastify/swagger-ui', 'pg-native'];

/** Which packages are in the bundle: what the bill of materials of the image lists. */
function packagesInside(): Plugin {
  return {
    name: 'packages-inside',
    generateBundle(_options, bundle) {
      const names = new Set<string>();
      for (const chunk of Object.values(bundle)) {
        const modules = chunk.type === 'chunk' ? chunk.moduleIds : [];
        for (const id of modules) {
          const inside = /.*(node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id.replaceAll('\\', '/'));
          const at = inside?.[0].indexOf('node_modules/') ?? -1;
          if (inside !== null && at >= 0) names.add(inside[0].slice(at).replace(/\/$/, ''));
        }
      }
      this.emitFile({ type: 'asset', fileName: 'packages.json', source: JSON.stringify([...names].sort()) });
    },
  };
}

export default defineConfig({
  root: fromProject('server'),
  publicDir: false,
  plugins: [packagesInside()],
  define: { 'process.env.NODE_ENV': '"production"' },
  ssr: { noExternal: true, external: leftOut },
  build: {
    ssr: true,
    target: 'node24',
    outDir: fromProject('dist/server'),
    emptyOutDir: true,
    minify: false,
    sourcemap: false,
    rolldownOptions: {
      input: {
        main: fromProject('server/main.ts'),
        migrate: fromProject('server/migrate.ts'),
        admin: fromProject('server/admin/cli.ts'),
      },
      external: [...leftOut, ...builtinModules, /^node:/],
      output: { format: 'es', entryFileNames: '[name].mjs', chunkFileNames: 'chunks/[name]-[hash].mjs' },
    },
  },
});
