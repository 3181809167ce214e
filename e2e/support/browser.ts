/** One real Chromium for a test file, and pages in it that belong to different laptops. */
import { resolve } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { testChromium } from '../../tools/support/chromium.ts';
import { type ConsoleWatch, watchConsole } from './consoleWatch.ts';

export const root = resolve(import.meta.dirname, '../..');

export interface LookOptions {
  readonly theme?: 'light' | 'dark';
  /** What the browser says it prefers; the product may have a setting of its own. */
  readonly locale?: 'de-DE' | 'en-GB';
  readonly width?: number;
  readonly height?: number;
}

export interface WatchedPage {
  readonly page: Page;
  readonly console: ConsoleWatch;
}

export function launchBrowser(): Promise<Browser> {
  return testChromium(root).then((program) => chromium.launch({ ...program, headless: true }));
}

/** A page with a session of its own: no cookie or cache is shared with another laptop's page. */
export async function openPage(browser: Browser, look: LookOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext({
    colorScheme: look.theme ?? 'light',
    locale: look.locale ?? 'de-DE',
    reducedMotion: 'reduce',
    timezoneId: 'Europe/Berlin',
    viewport: { width: look.width ?? 1280, height: look.height ?? 800 },
  });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  return { page, console: watchConsole(page) };
}
