import { createServer, type Server } from 'node:http';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { securityHeaders } from '../../electron/policy/headers.ts';
import { accessibilityFaults } from './accessibility.ts';
import { launchBrowser, openPage } from './browser.ts';

let browser: Browser;
let server: Server;
let address: string;
let html = '';

beforeAll(async () => {
  browser = await launchBrowser();
  server = createServer((request, response) => {
    const isPage = request.url === '/';
    response.writeHead(isPage ? 200 : 404, {
      ...securityHeaders(),
      'content-type': 'text/html; charset=utf-8',
    });
    response.end(isPage ? html : '');
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const bound = server.address();
  address = `http://127.0.0.1:${typeof bound === 'object' && bound !== null ? bound.port : 0}/`;
});
afterAll(async () => {
  await browser.close();
  server.closeAllConnections();
  server.close();
});

async function show(body: string) {
  html = `<!doctype html><html lang="en"><head><title>Page</title></head><body>${body}</body></html>`;
  const opened = await openPage(browser);
  await opened.page.goto(address);
  return opened;
}
const clean = '<main><h1>Case</h1><p>Nothing wrong here.</p></main>';

describe('the check for accessibility', () => {
  it('finds nothing on a good page, and runs under the whole content security policy without a word', async () => {
    const { page, console } = await show(clean);
    expect(await accessibilityFaults(page)).toEqual([]);
    console.requireSilence();
    await page.context().close();
  });

  it('finds an unnamed button', async () => {
    const { page } = await show('<main><h1>Case</h1><button></button></main>');
    expect(await accessibilityFaults(page)).toEqual([expect.stringContaining('button-name')]);
    await page.context().close();
  });
});

describe('the watch on the console', () => {
  it.each([
    ['a violation of the policy', `${clean}<script>1</script>`, /Content Security Policy/],
    ['an inline style', `${clean}<p style="color: red">x</p>`, /Content Security Policy/],
    ['a picture that is not there', `${clean}<img src="/missing.png" alt="x">`, /missing\.png 404/],
  ])('hears %s', async (_case, body, complaint) => {
    const { page, console } = await show(body);
    await page.waitForLoadState('networkidle');
    expect(() => console.requireSilence()).toThrow(complaint);
    await page.context().close();
  });
});
