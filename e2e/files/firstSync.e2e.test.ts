/** A new laptop gets many cases at once, with everything real, and is worked with meanwhile. */
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { enrol } from '../journey/steps/gate.ts';
import { passphrases } from '../journey/story.ts';
import { accessibilityFaults } from '../support/accessibility.ts';
import type { Laptop } from '../support/laptop.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { writeManyCases } from './manyCases.ts';

vi.setConfig({ testTimeout: 600_000 });

const language = process.env.TMA_LANGUAGE === 'en' ? 'en' : 'de';
const pictures = process.env.TMA_PICTURES;
/** More of them for pictures: so few are here before anybody looks. */
const count = Number(process.env.TMA_CASES ?? 600);

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack?.close());
afterEach(({ task }) => stack?.judge(task));

async function picture({ page }: Laptop, name: string): Promise<void> {
  if (pictures === undefined) return;
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.screenshot({ path: join(pictures, `${name}-${language}.png`) });
}

async function search(laptop: Laptop, words: string): Promise<void> {
  await laptop.page.keyboard.press('Control+k');
  await laptop.page.getByRole('combobox', { name: laptop.say('search:placeholder') }).fill(words);
}

test('many cases come to a new laptop, which is worked with meanwhile and searched in the end', async () => {
  const jana = await stack.person('Jana Petersen', 'intake');
  await writeManyCases(stack, jana, count);
  const laptop = await stack.laptop({ language });
  await enrol(laptop, { code: await stack.invite(jana), label: 'Laptop 17', passphrase: passphrases.de });
  await laptop.goTo('/sync');
  // Over before it is told where there are few.
  if (pictures !== undefined) await laptop.text('sync:progress.cases').waitFor();
  await picture(laptop, 'first-sync-progress');

  await laptop.goTo('/reports');
  const one = laptop.page.getByText(/Person \d+/).first();
  await one.waitFor({ timeout: 60_000 });
  await picture(laptop, 'first-sync-reports');
  await one.click();
  await laptop.page
    .getByText(/Hat im Parkhaus gedroht, Meldung \d+/)
    .first()
    .waitFor();
  await picture(laptop, 'first-sync-opened');

  await search(laptop, 'parkhaus');
  if (pictures !== undefined) await laptop.text('search:filling').waitFor();
  await picture(laptop, 'first-sync-searching');
  expect(await accessibilityFaults(laptop.page)).toEqual([]);
  const option = laptop.page.getByRole('option').filter({ hasText: 'Parkhaus' });
  await option.first().waitFor({ timeout: 300_000 });
  await laptop.text('search:filling').waitFor({ state: 'detached', timeout: 300_000 });
  expect(await option.count()).toBeGreaterThan(10);
  await picture(laptop, 'first-sync-searched');
});
