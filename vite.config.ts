import { fileURLToPath } from 'node:url';
import optimizeLocales from '@react-aria/optimize-locales-plugin';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/**
 * React Aria empties its live regions with `innerHTML = ''`, which Trusted Types refuse (E03), so that typing a
 * date would take the screen down. The same in a way that is allowed; the build stops when there is nothing to
 * replace any more, so that this goes when React Aria has changed.
 */
function trustedLiveRegions(): Plugin {
  return {
    name: 'trusted-live-regions',
    transform: {
      filter: { id: /react-aria\/dist\/private\/live-announcer\/LiveAnnouncer\.mjs$/ },
      handler(code) {
        const replaced = code.replaceAll(".innerHTML = ''", '.replaceChildren()');
        if (replaced === code) this.error('React Aria no longer needs the trusted-live-regions plugin.');
        return { code: replaced, map: null };
      },
    },
  };
}

/** The window's bundle. `vite build --mode gallery` builds the component gallery instead, which is never shipped. */
export default defineConfig(({ mode }) => ({
  root: path('renderer'),
  base: '/',
  plugins: [
    react(),
    trustedLiveRegions(),
    // React Aria brings its own texts in thirty-four languages; two are offered.
    { ...optimizeLocales.vite({ locales: ['de-DE', 'en-US', 'en-GB'] }), enforce: 'pre' as const },
  ],
  build: {
    outDir: path(mode === 'gallery' ? 'dist/gallery' : 'dist/renderer'),
    emptyOutDir: true,
    // The one browser is the Chromium of Electron; also keeps light-dark() as it is written.
    target: 'chrome140',
    cssTarget: 'chrome140',
    // E03: nothing inline. No data: URLs, no polyfill script, no inline style.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    rolldownOptions: {
      input: path(mode === 'gallery' ? 'renderer/gallery.html' : 'renderer/index.html'),
      // Zod looks for `new Function` while schemas are made, as their chunk is loaded. Together with zod itself, its
      // configuration is in force before any of them.
      output: {
        codeSplitting: { groups: [{ name: 'zod', test: /node_modules\/zod\/|renderer\/app\/zod\.ts/ }] },
      },
    },
  },
}));
