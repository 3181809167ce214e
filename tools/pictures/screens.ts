/** Every screen worth a picture: who sees it, and how to get there. */
import { enterCode, lock } from '../../e2e/journey/steps/gate.ts';
import type { Laptop } from '../../e2e/support/laptop.ts';
import { playDemo } from '../demo/data.ts';

export interface Screen {
  /** Name of the picture's file. */
  readonly name: string;
  readonly seenBy: 'newcomer' | 'lead' | 'intake';
  /** `newCode` is a one-time code that has not been used. */
  readonly show: (laptop: Laptop, newCode: () => Promise<string>) => Promise<void>;
}

const at =
  (path: string): Screen['show'] =>
  (laptop) =>
    laptop.goTo(path);

/** The richest case of the demo data: managed, assessed more than once, with measures. */
function showcase(nowMs: number): string {
  const found = playDemo({ nowMs }).find(
    ({ script }) =>
      script.language === 'de' &&
      script.status === 'managing' &&
      script.lead === 'kessler' &&
      (script.assessments?.length ?? 0) > 1 &&
      script.measures !== undefined,
  );
  if (found === undefined)
    throw new Error('The demo data has no managed case that was assessed more than once.');
  return found.file.id;
}

/** Goes to a screen and opens the first thing of that kind on it. */
const thenOpen =
  (path: string, first: string): Screen['show'] =>
  async (laptop) => {
    await laptop.goTo(path);
    await laptop.page.locator(first).first().click();
  };

const row = '[data-interactive]';

export function screensOf(nowMs: number): readonly Screen[] {
  const theCase = `/cases/${showcase(nowMs)}`;
  return [
    { name: 'enrol', seenBy: 'newcomer', show: async () => undefined },
    {
      name: 'enrol-passphrase',
      seenBy: 'newcomer',
      show: async (laptop, newCode) => enterCode(laptop, await newCode(), 'Laptop 40'),
    },
    { name: 'my-day', seenBy: 'lead', show: at('/') },
    { name: 'reports', seenBy: 'intake', show: at('/reports') },
    { name: 'report-triage', seenBy: 'intake', show: thenOpen('/reports', row) },
    { name: 'take-report', seenBy: 'intake', show: at('/reports/new') },
    { name: 'cases', seenBy: 'lead', show: at('/cases') },
    { name: 'case-overview', seenBy: 'lead', show: at(theCase) },
    { name: 'case-people', seenBy: 'lead', show: at(`${theCase}/people`) },
    { name: 'case-observations', seenBy: 'lead', show: at(`${theCase}/observations`) },
    { name: 'case-assessments', seenBy: 'lead', show: at(`${theCase}/assessments`) },
    {
      name: 'assessment',
      seenBy: 'lead',
      show: thenOpen(`${theCase}/assessments`, 'a[href*="/assessments/"]'),
    },
    { name: 'case-measures', seenBy: 'lead', show: at(`${theCase}/measures`) },
    { name: 'case-history', seenBy: 'lead', show: at(`${theCase}/history`) },
    { name: 'conflicts', seenBy: 'lead', show: at('/conflicts') },
    { name: 'conflict', seenBy: 'lead', show: thenOpen('/conflicts', row) },
    { name: 'sync', seenBy: 'lead', show: at('/sync') },
    { name: 'settings', seenBy: 'lead', show: at('/settings') },
    { name: 'search', seenBy: 'lead', show: searchFor('parkhaus') },
    { name: 'unlock', seenBy: 'lead', show: closeAndLock },
  ];
}

/** A search field takes the first Escape to clear itself. */
async function closeAndLock(laptop: Laptop): Promise<void> {
  const dialog = laptop.page.getByRole('dialog');
  while ((await dialog.count()) > 0) {
    await laptop.page.keyboard.press('Escape');
    await laptop.page.waitForTimeout(300);
  }
  await lock(laptop);
}

function searchFor(words: string): Screen['show'] {
  return async (laptop) => {
    await laptop.goTo('/');
    await laptop.page.keyboard.press('Control+k');
    await laptop.page.getByRole('dialog').waitFor();
    await laptop.page.keyboard.type(words);
  };
}
