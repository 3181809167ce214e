/** The service's part of the key on the screen: a laptop that was away for too long has to reach the service once. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { enrol, lock, tryPassphrase, unlock } from '../journey/steps/gate.ts';
import { passphrases } from '../journey/story.ts';
import type { Laptop } from '../support/laptop.ts';
import { endShare } from '../support/profileFiles.ts';
import { type Stack, startStack } from '../support/stack.ts';

vi.setConfig({ testTimeout: 240_000 });

const pictures = process.env.TMA_PICTURES;
const language = process.env.TMA_LANGUAGE === 'en' ? 'en' : 'de';
const passphrase = passphrases[language];

let stack: Stack;
let laptop: Laptop;
beforeAll(async () => {
  stack = await startStack();
  await stack.service().admin.changeSettings(stack.tenant, { policy: { serverShare: true } });
  const person = await stack.person('Jana Petersen', 'specialist');
  laptop = await stack.laptop({ language });
  await enrol(laptop, { code: await stack.invite(person), label: 'Laptop 17', passphrase });
});
afterAll(() => stack?.close());
afterEach(({ task }) => stack?.judge(task));

async function picture(name: string): Promise<void> {
  if (pictures === undefined) return;
  mkdirSync(pictures, { recursive: true });
  await laptop.page.screenshot({ path: join(pictures, `${name}-${language}.png`) });
}

/** What the note says before the date in it. */
const beginning = () => laptop.say('session:unlock.shareNeeded', { since: '' }).slice(0, 60);

test('opens without the service while the share may be kept', async () => {
  await lock(laptop);
  laptop.cable.unplug();
  await unlock(laptop, passphrase);
});

test('says that the service has to be reached once, counts no attempt, and opens when it was', async () => {
  await lock(laptop);
  endShare(laptop);
  await tryPassphrase(laptop, passphrase);
  await laptop.text('errors:vault.share-needed.title').waitFor();
  await picture('share-needed-tried');
  await laptop.page.reload();
  await laptop.page.getByText(beginning()).waitFor();
  await picture('share-needed');
  expect(await laptop.page.getByText(laptop.say('session:unlock.refused')).count()).toBe(0);
  laptop.cable.plugIn();
  await unlock(laptop, passphrase);
});
