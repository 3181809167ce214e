/** `npm run screenshots`: docs/screenshots, every screen in both themes, from the demo data in a real Chromium. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { choosePassphrase, enterCode } from '../e2e/journey/steps/gate.ts';
import type { Laptop } from '../e2e/support/laptop.ts';
import { type Stack, startStack } from '../e2e/support/stack.ts';
import { loadDemo } from './demo/load.ts';
import { demoPeople, demoTenant } from './demo/people.ts';
import { closeDialogs, type Screen, screensOf } from './pictures/screens.ts';
import { thisCheckout } from './run/places.ts';
import { say, step } from './support/progress.mjs';
import { ToolError } from './support/tool-error.ts';

const folder = join(thisCheckout, 'docs', 'screenshots');
const size = { width: 1440, height: 900 };
const themes = ['light', 'dark'] as const;

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const nowMs = Date.now();
const stack = await step('Starting the service with demo data, and a browser', () =>
  startStack({
    found: async (service) => {
      await loadDemo(service, { nowMs });
      return demoTenant;
    },
  }),
);
try {
  await mkdir(folder, { recursive: true });
  const laptops = await step('Setting up laptops', () => setUp(stack));
  const screens = wanted(screensOf(nowMs));
  await step(`Taking ${screens.length * themes.length} pictures`, async (news) => {
    for (const screen of screens) {
      news(screen.name);
      await picture(laptops[screen.seenBy], screen);
    }
  });
  for (const laptop of Object.values(laptops)) laptop.requireSilence();
  say(`Written to ${folder}`);
} catch (error) {
  if (!(error instanceof ToolError)) throw error;
  say(error.message);
  process.exitCode = 2;
} finally {
  await stack.close();
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

async function setUp(on: Stack): Promise<Readonly<Record<Screen['seenBy'], Laptop>>> {
  const laptop = (language: 'de' | 'en' = 'de') => on.laptop({ language, ...size });
  const [newcomer, lead, intake] = [await laptop(), await laptop(), await laptop()];
  const english = await laptop('en');
  for (const [each, person] of [
    [lead, demoPeople.kessler],
    [intake, demoPeople.intake],
    [english, demoPeople.okafor],
  ] as const) {
    await enterCode(each, await on.invite(person), person.device.label);
    await choosePassphrase(each, 'blauer Fahrradhelm am Nordufer', 'blauer Fahrradhelm am Nordufer');
    await each.heading('day:tasks.title').waitFor({ timeout: 30_000 });
    // Once with the service in step, so that every case of the demo data is on the laptop.
    const synced = each.say('common:sync.syncedAt', { time: '' }).trim();
    await each.page
      .getByText(new RegExp(`^${synced}`))
      .first()
      .waitFor({ timeout: 60_000 });
  }
  return { newcomer, lead, intake, english };
}

async function picture(laptop: Laptop, { name, show }: Screen): Promise<void> {
  const { page } = laptop;
  await page.emulateMedia({ colorScheme: 'light' });
  await show(laptop, () => stack.invite(demoPeople.hr));
  // No row or button looks pointed at; whatever is loaded for the screen has arrived.
  await page.mouse.move(0, 0);
  await page.waitForTimeout(700);
  for (const colorScheme of themes) {
    await page.emulateMedia({ colorScheme });
    await page.evaluate('document.fonts.ready.then(() => undefined)');
    await page.screenshot({
      path: join(folder, `${name}-${colorScheme}.png`),
      animations: 'disabled',
      caret: 'hide',
    });
  }
  await closeDialogs(laptop);
}
