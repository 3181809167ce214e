import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { expect, it } from 'vitest';
import { testChromium } from './chromium.ts';

it('gives tests a Chromium that starts, also when several want it at once', async () => {
  const root = await mkdtemp(join(tmpdir(), 'tma-chromium-'));
  try {
    const [program, other] = await Promise.all([testChromium(root), testChromium(root)]);
    expect(other.executablePath).toBe(program.executablePath);
    const browser = await chromium.launch({ ...program, headless: true });
    const page = await browser.newPage();
    await page.setContent('<h1>Besorgnisstufe</h1>');
    expect(await page.textContent('h1')).toBe('Besorgnisstufe');
    await browser.close();
  } finally {
    await rm(root, { recursive: true, force: true });
  }
});
