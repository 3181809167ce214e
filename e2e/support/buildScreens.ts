/** Before the first test in a browser: the screens it will see are built from the sources as they are now. */
import { buildStale, bundles } from '../../tools/bootstrap/build.mjs';
import { root } from './browser.ts';

export default async function buildScreens(): Promise<void> {
  const { NODE_ENV } = process.env;
  // The test runner's own would make a build that differs from the product's.
  process.env.NODE_ENV = 'production';
  try {
    await buildStale(root, {
      node: process.execPath,
      step: (_title, work) => work(),
      wanted: bundles.filter(({ output }) => output === 'dist/renderer'),
    });
  } finally {
    if (NODE_ENV === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = NODE_ENV;
  }
}
