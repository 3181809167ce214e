import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Preview, startPreview } from '../../tools/preview/preview.ts';
import { launchBrowser, openPage, root } from '../support/browser.ts';

interface Outcome {
  readonly ran: unknown;
  readonly thrown: Record<string, string>;
  readonly directives: readonly string[];
  readonly shown: string;
  readonly address: string;
}

const work = mkdtempSync(join(tmpdir(), 'tma-policy-'));
let browser: Browser;
let preview: Preview;
let foreign: Server;

beforeAll(async () => {
  mkdirSync(join(work, 'renderer'));
  cpSync(join(import.meta.dirname, 'attacks.js'), join(work, 'renderer/attacks.js'));
  const page = '<!doctype html><title>attacks</title><body><script type="module" src="/attacks.js"></script>';
  writeFileSync(join(work, 'renderer/index.html'), page);
  preview = await startPreview({
    profileDir: join(work, 'profile'),
    rendererDir: join(work, 'renderer'),
    service: { url: 'https://127.0.0.1:1', caPem: 'none' },
    coreEntry: join(root, 'electron/core/process/testCore.test-support.ts'),
  });
  foreign = createServer((request, response) => {
    response.setHeader('Content-Type', 'text/html');
    const frame = `<iframe src="http://127.0.0.1:${preview.port}/"></iframe>`;
    response.end(`<title>foreign</title>${request.url === '/frame' ? frame : ''}`);
  });
  await new Promise<void>((resolve) => foreign.listen(0, '127.0.0.1', resolve));
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser.close();
  foreign.close();
  await preview.stop();
  rmSync(work, { recursive: true, force: true });
});

/** Lets the browser in; the page's own attempts are over when this is. */
async function enter(page: Page): Promise<Outcome> {
  await page.goto(preview.newUrl());
  const handle = await page.waitForFunction(() => (globalThis as { outcome?: unknown }).outcome);
  return (await handle.jsonValue()) as Outcome;
}

test('E03 in a real browser, nothing a page of ours could be made to do runs, loads or leaves', async () => {
  const { page } = await openPage(browser);
  const outcome = await enter(page);
  expect(outcome.ran).toBeNull();
  expect(outcome.shown).not.toBe('none');
  expect(outcome.address).toBe(`http://127.0.0.1:${preview.port}/`);
  const refused = [
    'inline script',
    'inline handler',
    'markup as text',
    'eval',
    'Function',
    'text as timer',
    'foreign fetch',
    'script from elsewhere',
    'frame of text',
    'written document',
    'worker of text',
    'plugin',
    'own policy',
    'default policy',
  ];
  for (const name of refused) expect(outcome.thrown[name], name).not.toBe('');
  for (const directive of [
    'base-uri',
    'connect-src',
    'form-action',
    'frame-src',
    'img-src',
    'require-trusted-types-for',
    'script-src-elem',
    'style-src-elem',
    'trusted-types',
  ]) {
    expect(outcome.directives).toContain(directive);
  }
  await page.context().close();
});

test('E03 no other page can frame the workstation', async () => {
  const { page } = await openPage(browser);
  await enter(page);
  const { port } = foreign.address() as AddressInfo;
  await page.goto(`http://127.0.0.1:${port}/frame`);
  const inner = page.frames().find((frame) => frame !== page.mainFrame());
  expect(await inner?.content()).not.toContain('attacks.js');
  await page.context().close();
});

test('a page of another origin in the same browser reaches neither pages nor socket', async () => {
  const { page } = await openPage(browser);
  await enter(page);
  const { port } = foreign.address() as AddressInfo;
  await page.goto(`http://127.0.0.1:${port}/`);
  const reached = await page.evaluate(async (previewPort) => {
    const fetched = await fetch(`http://127.0.0.1:${previewPort}/`, { credentials: 'include' }).then(
      () => true,
      () => false,
    );
    const opened = await new Promise((resolve) => {
      const socket = new WebSocket(`ws://127.0.0.1:${previewPort}/contract`);
      socket.onopen = () => resolve(true);
      socket.onerror = () => resolve(false);
    });
    return { fetched, opened };
  }, preview.port);
  expect(reached).toEqual({ fetched: false, opened: false });
  await page.context().close();
});
