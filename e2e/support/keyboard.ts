/** Going somewhere with the keyboard alone: what cannot be reached, a test cannot use. */
import type { Locator, Page } from 'playwright-core';

/** More presses than any screen has stops. */
const patience = 90;

/**
 * Presses the keys, the first of them until something in its reach holds the focus, then the next, until the wanted
 * element has the focus. Usually one key is enough; a group that is one stop (tags, radio buttons) takes two.
 * @throws {Error} when the element is never reached.
 */
export async function focusOn(
  page: Page,
  wanted: Locator,
  keys: readonly [string, ...string[]] = ['Tab'],
): Promise<void> {
  await wanted.waitFor({ state: 'attached' });
  const [step, ...within] = keys;
  for (let presses = 0; presses < patience; presses += 1) {
    if (await hasFocus(wanted)) return;
    const isNear = within.length > 0 && (await isInSameGroup(wanted));
    for (const key of isNear ? within : [step]) await page.keyboard.press(key);
  }
  throw new Error(`Not reached with ${keys.join(' and ')}: ${wanted}`);
}

function hasFocus(wanted: Locator): Promise<boolean> {
  return wanted.evaluate((element) => element === element.ownerDocument.activeElement);
}

/** Whether the focus is in the same group of tags, tabs, segments or rows. */
function isInSameGroup(wanted: Locator): Promise<boolean> {
  return wanted.evaluate((element) => {
    const group = element.closest('[role="grid"], [role="tablist"], [role="radiogroup"], [role="toolbar"]');
    return group?.contains(element.ownerDocument.activeElement) ?? false;
  });
}
