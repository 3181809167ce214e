/** `npm run screenshots`: docs/screenshots, every screen in both themes, from the demo data in a real Chromium. */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Laptop } from '../e2e/support/laptop.ts';
import { openAlbum } from './pictures/album.ts';
import { withPalette } from './pictures/palettePng.ts';
import type { Screen } from './pictures/screens.ts';
import { thisCheckout } from './run/places.ts';
import { say, step } from './support/progress.mjs';
import { ToolError } from './support/tool-error.ts';

const folder = join(thisCheckout, 'docs', 'screenshots');
const themes = ['light', 'dark'] as const;

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const album = await step('Starting the service with demo data, and laptops in a browser', () =>
  openAlbum({ width: 1440, height: 900 }),
);
try {
  const screens = wanted(album.screens);
  await mkdir(folder, { recursive: true });
  await step(`Taking ${screens.length * themes.length} pictures`, async (news) => {
    for (const screen of screens) {
      news(screen.name);
      await album.visit(screen, (laptop) => picture(laptop, screen));
    }
  });
  if (values.only === undefined) await removeOthers(screens);
  await album.stack.judge({ name: 'screenshots' });
  say(`Written to ${folder}`);
} catch (error) {
  if (!(error instanceof ToolError)) throw error;
  say(error.message);
  process.exitCode = 2;
} finally {
  await album.stack.close();
}

function wanted(screens: readonly Screen[]): readonly Screen[] {
  const names = values.only?.split(',');
  if (names === undefined) return screens;
  const unknown = names.find((name) => screens.every((screen) => screen.name !== name));
  if (unknown === undefined) return screens.filter(({ name }) => names.includes(name));
  throw new ToolError(
    `There is no screen "${unknown}". Screens: ${screens.map(({ name }) => name).join(', ')}.`,
  );
}

async function picture({ page }: Laptop, { name }: Screen): Promise<void> {
  // No row or button looks pointed at; whatever is loaded for the screen has arrived.
  await page.mouse.move(0, 0);
  await page.waitForTimeout(700);
  for (const colorScheme of themes) {
    await page.emulateMedia({ colorScheme });
    await page.evaluate('document.fonts.ready.then(() => undefined)');
    const png = await page.screenshot({ animations: 'disabled', caret: 'hide' });
    await writeFile(join(folder, fileOf(name, colorScheme)), withPalette(png));
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

function fileOf(name: string, theme: (typeof themes)[number]): string {
  return `${name}-${theme}.png`;
}

/** Pictures of screens that are no more. */
async function removeOthers(screens: readonly Screen[]): Promise<void> {
  const current = new Set(screens.flatMap(({ name }) => themes.map((theme) => fileOf(name, theme))));
  for (const file of await readdir(folder)) {
    if (file.endsWith('.png') && !current.has(file)) await rm(join(folder, file));
  }
}
