import type { Page } from 'playwright-core';

/** How far the widest thing reaches beyond the window, in px, once the layout has followed the size of the window. */
export function sideways(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const beyond = (element: Element) => element.scrollWidth - element.clientWidth;
    // What is measured by observers changes in the frame after the one in which they notice.
    for (let frame = 0; frame < 3; frame += 1) await new Promise((next) => requestAnimationFrame(next));
    const areas = [document.documentElement, ...document.querySelectorAll('main, [role="dialog"]')];
    return Math.max(...areas.map(beyond));
  });
}
