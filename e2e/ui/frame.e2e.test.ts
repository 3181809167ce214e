import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityFaults } from '../support/accessibility.ts';
import { launchBrowser, openPage } from '../support/browser.ts';
import type { ConsoleWatch } from '../support/consoleWatch.ts';
import { type Answers, bridgeScript, day, session } from './bridge.ts';
import { type BuildServer, serveBuild } from './buildServer.ts';

let server: BuildServer;
let browser: Browser;
let watch: ConsoleWatch;
const pages: Page[] = [];

beforeAll(async () => {
  server = await serveBuild('window');
  browser = await launchBrowser();
});
afterEach(async () => {
  for (const page of pages.splice(0)) await page.context().close();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

async function open(address = '/', answers: Answers = {}): Promise<Page> {
  const opened = await openPage(browser, { width: 1440, height: 900 });
  const { page } = opened;
  pages.push(page);
  watch = opened.console;
  await page.addInitScript(bridgeScript(answers));
  await page.goto(`${server.origin}/#${address}`);
  await page.locator('h1').waitFor();
  return page;
}

const tell = (page: Page, name: string, payload: unknown): Promise<void> =>
  page.evaluate(`window.emit(${JSON.stringify(name)}, ${JSON.stringify(payload)})`);
const called = (page: Page): Promise<string[]> => page.evaluate('window.called');
describe('the frame', () => {
  it('shows where one is, what waits where, and the state of the exchange', async () => {
    const page = await open('/cases');
    const rail = page.getByRole('navigation', { name: 'Hauptnavigation' });
    expect(await rail.getByRole('link').allTextContents()).toEqual([
      'Mein Tag7',
      'Meldungen4',
      'Fälle23',
      'Konflikte1',
      'Einstellungen',
    ]);
    expect(await rail.locator('[aria-current=page]').textContent()).toContain('Fälle');
    await page.getByRole('button', { name: 'Offline · 3 nicht gesendet' }).click();
    await page.getByRole('heading', { level: 1, name: 'Abgleich' }).waitFor();
    watch.requireSilence();
  });

  it('names no case in the title of the window', async () => {
    const page = await open();
    expect(await page.title()).toBe('TMA');
  });

  it('has a way past the rail as the first stop of the keyboard', async () => {
    const page = await open();
    const first = page.locator('a, button, [tabindex="0"]').first();
    expect(await first.textContent()).toBe('Zum Inhalt springen');
    await first.focus();
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
  });

  it('takes the focus to the title of the screen that was opened', async () => {
    const page = await open();
    const title = page.locator('h1:focus');
    await page.getByRole('link', { name: /Einstellungen/ }).click();
    await expect.poll(() => title.allTextContents()).toEqual(['Einstellungen']);
    await page.goBack();
    await expect.poll(() => title.allTextContents()).not.toEqual(['Einstellungen']);
    await title.waitFor();
  });

  it.each(['/nowhere', '/reports/none', '/cases/none/overview', '/conflicts/a/b/c'])(
    'says calmly that %s leads nowhere',
    async (address) => {
      const page = await open(address);
      await page.getByRole('heading', { level: 1, name: 'Diese Seite gibt es nicht' }).waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      watch.requireSilence();
    },
  );

  it('keeps a fault in one screen to that screen', async () => {
    const broken = { ...day, tasks: null };
    const page = await open('/', { 'day.get': broken as never });
    await page.getByRole('heading', { level: 1, name: 'Diese Ansicht ist unterbrochen' }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('link', { name: /Einstellungen/ }).click();
    await page.getByRole('heading', { level: 1, name: 'Einstellungen' }).waitFor();
  });

  it('needs no scrolling sideways at 200 % zoom', async () => {
    const page = await open();
    await page.setViewportSize({ width: 720, height: 450 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    expect(await accessibilityFaults(page)).toEqual([]);
  });
});

describe('keys that hold everywhere', () => {
  it('N takes a report, but not while a text is written', async () => {
    const page = await open('/cases');
    const filter = page.getByRole('searchbox');
    await filter.focus();
    await page.keyboard.type('n');
    expect(await filter.inputValue()).toBe('n');
    expect(new URL(page.url()).hash).toBe('#/cases');
    await page.locator('h1').focus();
    await page.keyboard.press('n');
    await expect.poll(() => new URL(page.url()).hash).toBe('#/reports/new');
  });

  it('Ctrl+K searches, also from within a text, and Escape leads back to where one was', async () => {
    const page = await open('/cases');
    await page.getByRole('searchbox').focus();
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await expect
      .poll(() => page.getByRole('searchbox').evaluate((box) => box === document.activeElement))
      .toBe(true);
    watch.requireSilence();
  });

  it('? lists what is bound', async () => {
    const page = await open();
    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'Tastenkürzel' });
    expect(await help.locator('dt').allTextContents()).toEqual(
      expect.arrayContaining(['Meldung aufnehmen', 'Suchen oder Befehl', 'Sperren', 'Tastenkürzel zeigen']),
    );
    expect(await accessibilityFaults(page)).toEqual([]);
    watch.requireSilence();
  });

  it('Ctrl+L locks, and nothing of a case stays on the screen', async () => {
    const page = await open();
    await page.getByText('Drohungen nach Versetzung').waitFor();
    await page.keyboard.press('Control+l');
    await expect.poll(() => called(page)).toContain('session.lock');
    await tell(page, 'session', { ...session, phase: 'locked', lockedSince: '2026-11-23T14:31:00.000Z' });
    await page.getByLabel('Passphrase', { exact: true }).waitFor();
    expect(await page.locator('body').textContent()).not.toMatch(/Drohungen|2026-0147|Mein Tag/);
  });
});

describe('settings', () => {
  it('change the language of texts, formats and page at once', async () => {
    const page = await open('/settings');
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('de');
    await tell(page, 'settings', { language: 'en', theme: 'light' });
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('en');
    expect(await page.getByRole('navigation').getByRole('link').first().textContent()).toBe('My day7');
    watch.requireSilence();
  });

  it('start in the language that was chosen, without a word of the other', async () => {
    const page = await open('/settings', {
      'session.get': { ...session, settings: { language: 'en', theme: 'dark' } },
    });
    expect(await page.locator('h1').textContent()).toBe('Settings');
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark');
  });

  it('change the colours at once, and follow the system when they say so', async () => {
    const page = await open('/settings');
    const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const light = await ground();
    await tell(page, 'settings', { language: 'de', theme: 'dark' });
    await expect.poll(ground).not.toBe(light);
    await tell(page, 'settings', { language: 'de', theme: 'system' });
    await expect.poll(ground).toBe(light);
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(ground).not.toBe(light);
  });
});

describe('the first load', () => {
  it('is at most 350 KB of code and style, compressed', async () => {
    const { page } = await openPage(browser);
    pages.push(page);
    const sizes = new Map<string, Promise<number>>();
    page.on('response', (response) => {
      if (/\.(js|css)$/.test(response.url())) {
        sizes.set(
          response.url(),
          response.body().then((bytes) => gzipSync(bytes).length),
        );
      }
    });
    await page.addInitScript(bridgeScript());
    await page.goto(`${server.origin}/`, { waitUntil: 'networkidle' });
    const total = (await Promise.all(sizes.values())).reduce((sum, size) => sum + size, 0);
    expect(total).toBeGreaterThan(50_000);
    expect(total).toBeLessThanOrEqual(350 * 1024);
  });
});
