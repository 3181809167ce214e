import type { Page } from 'playwright-core';

/** How far the widest thing reaches beyond the window, in px. */
export function sideways(page: Page): Promise<number> {
  return page.evaluate(() => {
    const beyond = (element: Element) => element.scrollWidth - element.clientWidth;
    const areas = [document.documentElement, ...document.querySelectorAll('main, [role="dialog"]')];
    return Math.max(...areas.map(beyond));
  });
}
