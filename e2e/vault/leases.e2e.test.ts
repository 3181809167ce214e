/** Cases taken along on a laptop that stays away, and the laptop taken back, as a person meets it, with everything real. */
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { enrol, lock, unlock } from '../journey/steps/gate.ts';
import { takeReport } from '../journey/steps/intake.ts';
import { passphrases, stories } from '../journey/story.ts';
import { accessibilityFaults } from '../support/accessibility.ts';
import { focusOn } from '../support/keyboard.ts';
import type { Laptop } from '../support/laptop.ts';
import { deviceFile } from '../support/profileFiles.ts';
import { type Stack, startStack } from '../support/stack.ts';

vi.setConfig({ testTimeout: 300_000 });

const language = process.env.TMA_LANGUAGE === 'en' ? 'en' : 'de';
const pictures = process.env.TMA_PICTURES;
const passphrase = passphrases.de;
const hourMs = 3_600_000;

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

async function newCase(laptop: Laptop, who: string): Promise<string> {
  await takeReport(laptop, { ...stories[language].report, who });
  return /[0-9a-f-]{36}/.exec(laptop.page.url())?.[0] ?? '';
}

const purpose = (laptop: Laptop) => laptop.say('leases:purpose.travel');
const tag = (laptop: Laptop) => laptop.page.getByText(new RegExp(`· ${purpose(laptop)}$`)).first();

/** All by keyboard; the day is the one that is offered. */
async function takeAlong(laptop: Laptop): Promise<void> {
  const { page } = laptop;
  await focusOn(page, laptop.button('leases:take'));
  await page.keyboard.press('Enter');
  const dialog = laptop.dialog('leases:dialog.title');
  await dialog.waitFor();
  await picture(laptop, 'lease-take');
  expect(await accessibilityFaults(page)).toEqual([]);
  await focusOn(page, laptop.list('leases:dialog.purpose', dialog));
  await page.keyboard.press('Enter');
  await page.getByRole('listbox').waitFor();
  await page.keyboard.type(purpose(laptop).slice(0, 6));
  await page.keyboard.press('Enter');
  await focusOn(page, laptop.button('leases:dialog.take', dialog));
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  await tag(laptop).waitFor();
}

test('a case is taken along, the others go when their time is over, and come back; then the laptop is taken back', async () => {
  const { admin } = stack.service();
  await admin.changeSettings(stack.tenant, { policy: { holdHours: 1 } });
  const jana = await stack.person('Jana Petersen', 'intake');
  const laptop = await stack.laptop({ language });
  await enrol(laptop, { code: await stack.invite(jana), label: 'Laptop 17', passphrase });
  const taken = await newCase(laptop, 'Mitgenommen');
  const left = await newCase(laptop, 'Zuhause');

  await laptop.goTo('/sync');
  await laptop.text('sync:allSent').waitFor();
  await laptop.goTo(`/cases/${taken}`);
  await takeAlong(laptop);
  await picture(laptop, 'lease-header');
  expect(await accessibilityFaults(laptop.page)).toEqual([]);
  await laptop.goTo('/sync');
  await laptop.heading('leases:card.title').waitFor();
  await laptop.page.getByRole('link', { name: /Mitgenommen/ }).waitFor();
  await picture(laptop, 'lease-sync');

  // Away from the network, two hours later: the other case has gone, this one is here.
  laptop.cable.unplug();
  await laptop.goTo('/');
  await laptop.page.getByText(laptop.say('leases:warning.casesText')).first().waitFor({ timeout: 60_000 });
  await picture(laptop, 'lease-warning');
  expect(await accessibilityFaults(laptop.page)).toEqual([]);
  await lock(laptop);
  deviceFile(laptop).passUntil(Date.now() + 2 * hourMs);
  await unlock(laptop, passphrase);
  await laptop.goTo(`/cases/${left}`);
  await laptop.page.getByText(laptop.say('errors:lease.over.text')).first().waitFor();
  await picture(laptop, 'lease-over');
  await laptop.goTo(`/cases/${taken}`);
  await laptop.page.getByRole('heading', { level: 1, name: /Mitgenommen/ }).waitFor();

  // With the network it comes back by itself.
  laptop.cable.plugIn();
  await laptop.goTo('/sync');
  await laptop.press('sync:now');
  await laptop.goTo(`/cases/${left}`);
  await laptop.page.getByRole('heading', { level: 1, name: /Zuhause/ }).waitFor({ timeout: 60_000 });

  await laptop.goTo(`/cases/${taken}`);
  await laptop.press('leases:change');
  await picture(laptop, 'lease-change');
  await laptop.press('leases:dialog.giveBack', laptop.dialog('leases:dialog.changeTitle'));
  await laptop.button('leases:take').waitFor();

  // It is taken back, and says within a minute that it is wiped.
  const device = deviceFile(laptop).deviceId();
  await admin.revokeDevice(stack.tenant, device);
  await laptop.heading('session:wiped.title').waitFor({ timeout: 60_000 });
  await expect
    .poll(async () => (await admin.wipes(stack.tenant))[0]?.acknowledged_at, { timeout: 60_000 })
    .toBeInstanceOf(Date);
  await laptop.text('session:wiped.reportedYes').waitFor();
  await picture(laptop, 'lease-wiped');
});
