/** A backup out of one laptop and into another, through the browser's own dialogs, with everything real. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { enrol, tryPassphrase } from '../journey/steps/gate.ts';
import { passphrases } from '../journey/story.ts';
import { accessibilityFaults } from '../support/accessibility.ts';
import type { Laptop } from '../support/laptop.ts';
import { type Stack, startStack } from '../support/stack.ts';

vi.setConfig({ testTimeout: 240_000 });

const language = process.env.TMA_LANGUAGE === 'en' ? 'en' : 'de';
const pictures = process.env.TMA_PICTURES;
const passphrase = passphrases.de;

let stack: Stack;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tma-files-'));
  stack = await startStack();
});
afterAll(async () => {
  await stack?.close();
  await rm(folder, { recursive: true, force: true });
});
afterEach(({ task }) => stack?.judge(task));

async function picture({ page }: Laptop, name: string): Promise<void> {
  if (pictures === undefined) return;
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.screenshot({ path: join(pictures, `${name}-${language}.png`) });
}

async function chooseFile(laptop: Laptop, path: string): Promise<void> {
  const chooser = laptop.page.waitForEvent('filechooser');
  await laptop.press('session:restore.choose');
  await (await chooser).setFiles(path);
}

async function backUp(laptop: Laptop): Promise<string> {
  await laptop.goTo('/settings');
  await laptop.press('settings:backup.make');
  const dialog = laptop.dialog('settings:backup.make');
  await laptop.fill('settings:security.passphrase', passphrase, dialog);
  await picture(laptop, 'backup');
  expect(await accessibilityFaults(laptop.page)).toEqual([]);
  const arrives = laptop.page.waitForEvent('download');
  await laptop.page.keyboard.press('Enter');
  const download = await arrives;
  expect(download.suggestedFilename()).toMatch(/^tma-backup-\d{4}-\d\d-\d\d\.tma$/);
  const path = join(folder, 'laptop.tma');
  await download.saveAs(path);
  await laptop.page.getByText(laptop.say('settings:backup.title'), { exact: true }).waitFor();
  await dialog.waitFor({ state: 'detached' });
  await laptop.page
    .getByRole('status')
    .filter({ hasText: /\d+ (kB|MB)/ })
    .waitFor();
  await picture(laptop, 'backup-saved');
  return path;
}

test('a laptop is backed up, and another one becomes what it was', async () => {
  const jana = await stack.person('Jana Petersen', 'specialist');
  const first = await stack.laptop({ language });
  await enrol(first, { code: await stack.invite(jana), label: 'Laptop 17', passphrase });
  const backup = await backUp(first);
  expect(statSync(backup).size).toBeGreaterThan(50_000);

  const second = await stack.laptop({ language });
  await second.press('session:restore.offer');
  await second.heading('session:restore.title').waitFor();
  expect(await accessibilityFaults(second.page)).toEqual([]);
  await picture(second, 'restore');

  const refused = async (path: string, typed: string, words: string): Promise<void> => {
    await chooseFile(second, path);
    await second.fill('session:restore.passphrase', typed);
    await second.press('session:restore.submit');
    await second.text(words).waitFor();
  };
  const letter = join(folder, 'letter.pdf');
  writeFileSync(letter, '%PDF-1.7 no backup');
  await refused(letter, passphrase, 'errors:backup.not-one.title');
  const half = join(folder, 'half.tma');
  writeFileSync(half, readFileSync(backup).subarray(0, 60_000));
  await refused(half, passphrase, 'errors:backup.incomplete.title');
  await picture(second, 'restore-refused');
  await refused(backup, 'gelber Regenschirm im Keller', 'session:restore.refused');

  await second.fill('session:restore.passphrase', passphrase);
  await second.press('session:restore.submit');
  await second.heading('day:tasks.title').waitFor({ timeout: 60_000 });
  await second.page.keyboard.press('Control+l');
  await tryPassphrase(second, passphrase);
  await second.heading('day:tasks.title').waitFor({ timeout: 60_000 });
});
