import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Album, openAlbum } from '../../tools/pictures/album.ts';
import { accessibilityFaults } from '../support/accessibility.ts';
import { sideways } from './steps/layout.ts';

const usual = { width: 1440, height: 900 };
/** What is left of 1280 × 800 at 200 % zoom. */
const zoomed = { width: 640, height: 400 };
let album: Album;
beforeAll(async () => {
  album = await openAlbum(usual);
});
afterAll(() => album?.stack.close());
afterEach(({ task }) => album.stack.judge(task));

/** One walk for all of it, because the way to a screen takes longer than looking at it. */
test('every screen and dialog is clean: for axe, in both themes, in its words, at 200 % zoom', async () => {
  const faults: string[] = [];
  for (const screen of album.screens) {
    await album.visit(screen, async ({ page }) => {
      const found = [...(await contrastAndMore(page)), ...(await oddWords(page)), ...(await overflow(page))];
      faults.push(...found.map((fault) => `${screen.name}: ${fault}`));
    });
  }
  expect(faults).toEqual([]);
});

/** What is not about colours is the same in the dark. */
async function contrastAndMore(page: Page): Promise<readonly string[]> {
  const light = await accessibilityFaults(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await accessibilityFaults(page, { onlyColours: true });
  await page.emulateMedia({ colorScheme: 'light' });
  return [...light, ...dark.map((fault) => `dark: ${fault}`)];
}

/**
 * What no person should ever read: placeholders, names of texts, dates and values as programs write them. The name of
 * a file may have a date in it.
 */
const odd =
  /\{\{|\}\}|\b(undefined|null|NaN|true|false)\b|\[object|(?<![\w-])\d{4}-\d\d-\d\d|\b(common|cases|errors|term)[:.][a-z]+[.:][a-z]+/i;

async function oddWords(page: Page): Promise<readonly string[]> {
  const text = (await page.locator('body').allInnerTexts()).join('\n').split('\n');
  return text.filter((line) => odd.test(line)).map((line) => `reads “${line}”`);
}

async function overflow(page: Page): Promise<readonly string[]> {
  await page.setViewportSize(zoomed);
  const px = await sideways(page);
  await page.setViewportSize(usual);
  return px > 0 ? [`scrolls ${px} px sideways at 200 % zoom`] : [];
}
