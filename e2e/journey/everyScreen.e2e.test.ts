import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Album, openAlbum } from '../../tools/pictures/album.ts';
import { accessibilityFaults } from '../support/accessibility.ts';

let album: Album;
beforeAll(async () => {
  album = await openAlbum({ width: 1440, height: 900 });
});
afterAll(() => album?.stack.close());
afterEach(({ task }) => album.stack.judge(task));

/** Visited one by one: each has a report of its own, and one that fails keeps none of the others from being seen. */
test('axe finds nothing on any screen or dialog, in either theme', async () => {
  const faults: string[] = [];
  for (const screen of album.screens) {
    await album.visit(screen, async ({ page }) => {
      await page.locator('h1').first().waitFor({ state: 'attached' });
      await page.waitForTimeout(150);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        // What is not about colours is the same in the dark.
        const found = await accessibilityFaults(page, { onlyColours: colorScheme === 'dark' });
        faults.push(...found.map((fault) => `${screen.name}, ${colorScheme}: ${fault}`));
      }
      await page.emulateMedia({ colorScheme: 'light' });
    });
  }
  expect(faults).toEqual([]);
});
