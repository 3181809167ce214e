import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchBrowser, openPage } from '../support/browser.ts';
import { bridgeScript } from './bridge.ts';
import { type BuildServer, serveBuild } from './buildServer.ts';

let server: BuildServer;
let browser: Browser;

beforeAll(async () => {
  server = await serveBuild('window');
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const copied = (page: Page): Promise<unknown[]> =>
  page.evaluate(`window.given.filter(([name]) => name === 'clipboard.copy').map(([, input]) => input)`);

/** Opens the search, types into it and selects all of it. */
async function openWith(text: string): Promise<Page> {
  const { page } = await openPage(browser);
  await page.addInitScript(bridgeScript({ 'clipboard.copy': {} }));
  await page.goto(`${server.origin}/`);
  await page.locator('h1').waitFor();
  await page.evaluate(`
    window.puts = [];
    document.addEventListener('copy', (event) => window.puts.push([...event.clipboardData.types]));
  `);
  await page.keyboard.press('Control+k');
  await page.locator('[role=dialog] input:focus').waitFor();
  await page.keyboard.type(text);
  await page.keyboard.press('Control+a');
  return page;
}

it('E14 what is copied from a field goes through the case process and not to the clipboard by itself', async () => {
  const page = await openWith('Lena Brandt');
  await page.keyboard.press('Control+c');
  await expect.poll(() => copied(page)).toEqual([{ text: 'Lena Brandt' }]);
  expect(await page.evaluate('window.puts')).toEqual([[]]);
  await page.context().close();
});

it('E14 what is cut leaves the field and goes the same way', async () => {
  const page = await openWith('Lena Brandt');
  await page.keyboard.press('Control+x');
  await expect.poll(() => copied(page)).toEqual([{ text: 'Lena Brandt' }]);
  expect(await page.evaluate('document.activeElement.value')).toBe('');
  await page.context().close();
});

it('E14 what is copied from the page is its text alone', async () => {
  const { page } = await openPage(browser);
  await page.addInitScript(bridgeScript({ 'clipboard.copy': {} }));
  await page.goto(`${server.origin}/`);
  const title = page.locator('h1');
  await title.waitFor();
  await title.evaluate((node) => document.getSelection()?.selectAllChildren(node));
  await page.keyboard.press('Control+c');
  await expect.poll(() => copied(page)).toEqual([{ text: await title.textContent() }]);
  await page.context().close();
});

it('E16 a link from outside shows the case it names', async () => {
  const { page } = await openPage(browser);
  await page.addInitScript(bridgeScript());
  await page.goto(`${server.origin}/`);
  await page.locator('h1').waitFor();
  const caseId = '01900000-0000-7000-8000-000000000001';
  await page.evaluate(`window.emit('link', { caseId: '${caseId}' })`);
  await expect.poll(() => new URL(page.url()).hash).toBe(`#/cases/${caseId}`);
  await page.context().close();
});
