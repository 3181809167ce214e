/** Assessing without touching the mouse: coding with digits, evidence with B, level, rationale, signature. */

import type { Desk } from '../../support/desk.ts';
import { focusOn } from '../../support/keyboard.ts';
import type { Story } from '../story.ts';

/** With the instrument that is proposed. */
export async function startAssessment(laptop: Desk): Promise<void> {
  const isFirst = (await laptop.button('assessments:startFirst').count()) > 0;
  await laptop.press(isFirst ? 'assessments:startFirst' : 'assessments:startNext');
  await laptop.press('assessments:start', laptop.dialog('assessments:start'));
  await laptop.heading('assessments:items').waitFor();
}

export async function startAssessmentByKeyboard(laptop: Desk): Promise<void> {
  const { page } = laptop;
  await focusOn(page, laptop.button('assessments:startFirst'));
  await page.keyboard.press('Enter');
  const dialog = laptop.dialog('assessments:start');
  await dialog.waitFor();
  await focusOn(page, laptop.button('assessments:start', dialog));
  await page.keyboard.press('Enter');
  await laptop.heading('assessments:items').waitFor();
}

/** One digit per item: the first is possible, the sixth is possible, the fourth unknown, the others show nothing. */
export async function codeByKeyboard(laptop: Desk): Promise<void> {
  const { keyboard } = laptop.page;
  const digits = ['3', '2', '2', '1', '2', '3', '2', '2'];
  for (const [index, digit] of digits.entries()) {
    if (index > 0) await keyboard.press('ArrowDown');
    await keyboard.press(digit);
  }
  const done = laptop.say('assessments:coded', { done: '8', total: '8' });
  await laptop.page.getByText(done, { exact: true }).waitFor();
}

/**
 * Back at the first item: what has changed, how sure one is, a remark; then the observation on which it and the
 * sixth rest.
 */
export async function detailByKeyboard(laptop: Desk, story: Story): Promise<void> {
  const { page, say } = laptop;
  await repeat(laptop, 'ArrowUp', 7);
  await chooseByKeyboard(laptop, 'assessments:change', say('common:term.codingChange.new'));
  await chooseByKeyboard(laptop, 'assessments:confidence', say('common:term.confidence.medium'));
  await focusOn(page, laptop.field('assessments:note'));
  await page.keyboard.type(story.assessment.note);
  await page.keyboard.press('Shift+Tab');
  const [observation] = story.observations;
  await linkByKeyboard(laptop, observation?.text ?? '');
  await focusOn(page, page.locator('[data-active] > button'), ['Shift+Tab']);
  await repeat(laptop, 'ArrowDown', 5);
  await linkByKeyboard(laptop, observation?.text ?? '');
  const evidence = page.getByText(say('assessments:evidence_one', { count: '1' }), { exact: true });
  await evidence.nth(1).waitFor();
}

async function linkByKeyboard(laptop: Desk, observation: string): Promise<void> {
  const { page } = laptop;
  await page.keyboard.press('b');
  const dialog = page.getByRole('dialog');
  await focusOn(page, dialog.getByRole('checkbox', { name: observation }));
  await page.keyboard.press('Space');
  await focusOn(page, laptop.button('common:action.save', dialog));
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
}

async function repeat({ page }: Desk, key: string, times: number): Promise<void> {
  for (let press = 0; press < times; press += 1) await page.keyboard.press(key);
}

async function chooseByKeyboard(laptop: Desk, key: string, choice: string): Promise<void> {
  const { page } = laptop;
  await focusOn(page, laptop.list(key));
  await page.keyboard.press('Enter');
  const option = page.getByRole('option', { name: choice, exact: true });
  await focusOn(page, option, ['ArrowDown']);
  await page.keyboard.press('Enter');
  await option.waitFor({ state: 'detached' });
}

/** The level as a judgement with its reason, and the signature. */
export async function decideByKeyboard(laptop: Desk, rationale: string): Promise<void> {
  const { page, say } = laptop;
  const { keyboard } = page;
  await focusOn(page, laptop.button('assessments:decide'), ['Shift+Tab']);
  await keyboard.press('Enter');
  const dialog = laptop.dialog('assessments:decideTitle');
  await dialog.waitFor();
  const level = dialog.getByRole('radio', { name: say('common:levelLong.elevated') });
  await focusOn(page, level, ['Tab', 'ArrowDown']);
  await keyboard.press('Space');
  await focusOn(page, laptop.field('assessments:rationale', dialog));
  await keyboard.type(rationale);
  await focusOn(page, laptop.button('assessments:sign', dialog));
  await keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
}
