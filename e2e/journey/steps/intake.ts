/** Taking a report without touching the mouse, and deciding what becomes of it. */

import type { Desk } from '../../support/desk.ts';
import { focusOn } from '../../support/keyboard.ts';
import type { Story } from '../story.ts';

/** No more than what has to be there. */
export async function takeReport(laptop: Desk, { who, what }: Story['report']): Promise<void> {
  await laptop.goTo('/reports/new');
  await laptop.fill('reports:take.who', who);
  await laptop.fill('reports:take.what', what);
  await laptop.press('reports:take.save');
  await laptop.page.getByRole('form', { name: laptop.say('reports:triage.title') }).waitFor();
}

/** The whole form by keyboard; Tab reaches every field in the order in which it is read. */
export async function takeReportByKeyboard(laptop: Desk, report: Story['report']): Promise<void> {
  const { page, say } = laptop;
  const { keyboard } = page;
  const type = async (key: string, text: string) => {
    await focusOn(page, laptop.field(key));
    await keyboard.type(text);
  };
  await keyboard.press('n');
  await type('reports:take.who', report.who);
  await type('reports:take.whoIsAtRisk', report.atRisk);
  await type('reports:take.what', report.what);
  await type('reports:take.where', report.where);
  await type('reports:take.when', report.when);
  for (const behaviour of ['leakage', 'direct-threat']) {
    const tag = page.getByRole('row', { name: say(`common:term.behaviour.${behaviour}`), exact: true });
    await focusOn(page, tag, ['Tab', 'ArrowRight']);
    await keyboard.press('Space');
  }
  await type('reports:take.reporterName', report.reporter);
  await type('reports:take.reporterContact', report.contact);
  await focusOn(page, page.getByRole('checkbox', { name: say('reports:take.emergency') }));
  await keyboard.press('Space');
  await focusOn(page, laptop.button('reports:take.save'), ['Shift+Tab']);
  await keyboard.press('Enter');
  await page.getByRole('form', { name: say('reports:triage.title') }).waitFor();
}

export async function openCase(laptop: Desk, story: Pick<Story, 'triage' | 'second'>): Promise<void> {
  const { page, say } = laptop;
  await laptop.fill('reports:triage.reason', story.triage.reason);
  await laptop.fill('reports:triage.caseTitle', story.triage.title);
  await laptop.tick(story.second);
  await page.getByRole('button', { name: say('reports:triage.confirm.open'), exact: true }).click();
  await page.getByRole('heading', { level: 1, name: story.triage.title }).waitFor();
}
