/** Where the keyboard is after a window over a case's files was closed: where it was before. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { enrol } from '../journey/steps/gate.ts';
import { takeReport } from '../journey/steps/intake.ts';
import { passphrases, stories } from '../journey/story.ts';
import type { Laptop } from '../support/laptop.ts';
import { type Stack, startStack } from '../support/stack.ts';

vi.setConfig({ testTimeout: 240_000 });

const language = 'de';
let stack: Stack;
let laptop: Laptop;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tma-focus-'));
  await writeFile(join(folder, 'Brief.txt'), 'Ein Brief.');
  stack = await startStack();
  laptop = await stack.laptop({ language });
  const code = await stack.invite(await stack.person('Jana Petersen', 'intake'));
  await enrol(laptop, { code, label: 'Laptop 17', passphrase: passphrases.de });
  await takeReport(laptop, stories[language].report);
  const caseId = /[0-9a-f-]{36}/.exec(laptop.page.url())?.[0] ?? '';
  await laptop.goTo(`/cases/${caseId}/evidence`);
});
afterAll(async () => {
  await stack?.close();
  await rm(folder, { recursive: true, force: true });
});
afterEach(({ task }) => stack?.judge(task));

/** What has the focus, and what on the screen shows a ring of it. */
const focus = () =>
  laptop.page.evaluate(() => {
    const ringed = [...document.querySelectorAll('[data-focus-visible], :focus-visible')];
    return {
      on: document.activeElement?.textContent ?? '',
      rings: ringed.filter((element) => getComputedStyle(element).outlineStyle !== 'none').length,
    };
  });

async function pressEscape(): Promise<void> {
  await laptop.page.keyboard.press('Escape');
  await laptop.page.getByRole('dialog').waitFor({ state: 'detached' });
}

async function addLetter(): Promise<void> {
  await laptop.press('evidence:add');
  const dialog = laptop.dialog('evidence:addTitle');
  const chooser = laptop.page.waitForEvent('filechooser');
  await laptop.press('evidence:choose', dialog);
  await (await chooser).setFiles(join(folder, 'Brief.txt'));
  await laptop.fill('evidence:source', 'Poststelle', dialog);
  await laptop.press('evidence:add', dialog);
  await laptop.page.getByRole('dialog').waitFor({ state: 'detached' });
}

test('goes back to the button or the row that opened the window, and nothing else shows a ring', async () => {
  await laptop.press('evidence:add');
  await laptop.dialog('evidence:addTitle').waitFor();
  await pressEscape();
  await expect.poll(focus).toEqual({ on: laptop.say('evidence:add'), rings: 1 });
  await addLetter();
  const row = laptop.page.getByRole('row', { name: 'Brief.txt' });
  await row.click();
  await laptop.press('evidence:editTitle');
  await laptop.dialog('evidence:editTitle').waitFor();
  await laptop.page.keyboard.press('Escape');
  await laptop.dialog('evidence:editTitle').waitFor({ state: 'detached' });
  await expect.poll(focus).toMatchObject({ on: laptop.say('evidence:editTitle') });
  await pressEscape();
  await expect.poll(focus).toEqual({ on: expect.stringContaining('Brief.txt'), rings: 1 });
});
