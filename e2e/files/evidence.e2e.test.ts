/** A file becomes evidence on one laptop and is opened on another, through the browser's own dialogs, with everything real. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { enrol } from '../journey/steps/gate.ts';
import { takeReport } from '../journey/steps/intake.ts';
import { passphrases, stories } from '../journey/story.ts';
import { accessibilityFaults } from '../support/accessibility.ts';
import type { Laptop } from '../support/laptop.ts';
import { type Person, type Stack, startStack } from '../support/stack.ts';

vi.setConfig({ testTimeout: 240_000 });

const language = process.env.TMA_LANGUAGE === 'en' ? 'en' : 'de';
const pictures = process.env.TMA_PICTURES;
const pdf = Buffer.concat([
  Buffer.from('%PDF-1.7\n'),
  Buffer.alloc(9_000_000, 'Brief '),
  Buffer.from('%%EOF\n'),
]);
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

let stack: Stack;
let folder: string;
let jana: Person;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tma-files-'));
  writeFileSync(join(folder, 'Drohbrief.pdf'), pdf);
  writeFileSync(join(folder, 'Foto.png'), png);
  writeFileSync(join(folder, 'Programm.pdf'), Buffer.concat([Buffer.from('MZ'), Buffer.alloc(2_000)]));
  stack = await startStack();
  jana = await stack.person('Jana Petersen', 'intake');
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

async function newLaptop(label: string): Promise<Laptop> {
  const laptop = await stack.laptop({ language });
  await enrol(laptop, { code: await stack.invite(jana), label, passphrase: passphrases.de });
  return laptop;
}

/** A report by telephone, and the tab of its files. */
async function newCase(laptop: Laptop): Promise<string> {
  await takeReport(laptop, stories[language].report);
  const caseId = /[0-9a-f-]{36}/.exec(laptop.page.url())?.[0] ?? '';
  await laptop.goTo(`/cases/${caseId}/evidence`);
  return caseId;
}

async function addFile(laptop: Laptop, name: string): Promise<void> {
  await laptop.press('evidence:add');
  const dialog = laptop.dialog('evidence:addTitle');
  const chooser = laptop.page.waitForEvent('filechooser');
  await laptop.press('evidence:choose', dialog);
  await (await chooser).setFiles(join(folder, name));
  await laptop.fill('evidence:source', 'Poststelle', dialog);
  await laptop.fill('evidence:description', 'Lag am Montag im Postfach.', dialog);
  if (name === 'Drohbrief.pdf') {
    expect(await accessibilityFaults(laptop.page)).toEqual([]);
    await picture(laptop, 'evidence-add');
  }
  await laptop.press('evidence:add', dialog);
}

async function open(laptop: Laptop, name: string): Promise<void> {
  await laptop.page.getByRole('row', { name }).click();
  await laptop.page.getByRole('dialog', { name }).waitFor();
}

/** Hands the file out and gives what arrived. */
async function handOut(laptop: Laptop): Promise<Buffer> {
  await laptop.press('evidence:export');
  const dialog = laptop.dialog('evidence:exportTitle');
  await laptop.fill('evidence:reason', 'Anzeige bei der Polizei', dialog);
  await picture(laptop, 'evidence-export');
  const arrives = laptop.page.waitForEvent('download');
  await laptop.press('evidence:exportSubmit', dialog);
  const path = await (await arrives).path();
  await laptop.text('evidence:exported').waitFor();
  return readFileSync(path);
}

test('a letter is added, described, shown with its custody, and handed out byte for byte', async () => {
  const first = await newLaptop('Laptop 17');
  const caseId = await newCase(first);
  await first.text('evidence:emptyTitle').waitFor();
  expect(await accessibilityFaults(first.page)).toEqual([]);
  await picture(first, 'evidence-empty');

  await addFile(first, 'Programm.pdf');
  await first.text('errors:evidence.type-refused.title').waitFor();
  await first.press('common:action.cancel', first.dialog('evidence:addTitle'));

  await addFile(first, 'Drohbrief.pdf');
  await first.page.getByRole('row', { name: 'Drohbrief.pdf' }).waitFor();
  await addFile(first, 'Foto.png');
  await open(first, 'Foto.png');
  await first.press('evidence:show');
  await first.page.getByRole('img').waitFor();
  await first.page.keyboard.press('Escape');

  await open(first, 'Drohbrief.pdf');
  await first.page.getByText(createHash('sha256').update(pdf).digest('hex')).waitFor();
  expect(await accessibilityFaults(first.page)).toEqual([]);
  expect((await handOut(first)).equals(pdf)).toBe(true);
  await first.page.getByText('Anzeige bei der Polizei').waitFor();
  await picture(first, 'evidence');
  await first.page.keyboard.press('Escape');
  await picture(first, 'case-evidence');

  const second = await newLaptop('Laptop 18');
  await second.goTo(`/cases/${caseId}/evidence`);
  await second.page.getByRole('row', { name: 'Drohbrief.pdf' }).waitFor({ timeout: 30_000 });
  await open(second, 'Drohbrief.pdf');
  await picture(second, 'evidence-elsewhere');
  expect(await accessibilityFaults(second.page)).toEqual([]);
  await second.press('evidence:fetch');
  await second.button('evidence:export').waitFor({ timeout: 30_000 });
  expect((await handOut(second)).equals(pdf)).toBe(true);
});
