/**
 * A company doctor is invited to part of a case and sees just that; a colleague breaks the glass, and the data
 * protection officer is told. Everything real, in both languages.
 */
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { allSent, exchangeNow } from '../journey/steps/exchange.ts';
import { enrol } from '../journey/steps/gate.ts';
import { openCase, takeReport } from '../journey/steps/intake.ts';
import { passphrases, stories } from '../journey/story.ts';
import { accessibilityFaults } from '../support/accessibility.ts';
import { focusOn } from '../support/keyboard.ts';
import type { Laptop } from '../support/laptop.ts';
import { type Person, type Stack, startStack } from '../support/stack.ts';
import type { SpokenLanguage } from '../support/words.ts';

vi.setConfig({ testTimeout: 240_000 });

const pictures = process.env.TMA_PICTURES;
const told = {
  de: { medical: 'Seit März in Behandlung', reason: 'Er steht vor dem Werktor, wir müssen ihn ansprechen.' },
  en: { medical: 'In treatment since March', reason: 'He is at the gate and we have to talk to him.' },
} as const;

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack?.close());
afterEach(({ task }) => stack?.judge(task));

async function picture({ page, language }: Laptop, name: string): Promise<void> {
  expect(await accessibilityFaults(page)).toEqual([]);
  if (pictures === undefined) return;
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.screenshot({ path: join(pictures, `team-${name}-${language}.png`) });
}

async function sit(person: Person, language: SpokenLanguage): Promise<Laptop> {
  const laptop = await stack.laptop({ language });
  const code = await stack.invite(person);
  await enrol(laptop, { code, label: `Laptop ${person.name}`, passphrase: passphrases[language] });
  return laptop;
}

/** Whose laptop it is, opens the only case there is. */
async function openOnlyCase(laptop: Laptop, title: string): Promise<void> {
  await exchangeNow(laptop);
  await laptop.goTo('/cases');
  await laptop.page.getByRole('row', { name: new RegExp(title) }).click();
  await laptop.page.getByRole('heading', { level: 1, name: title }).waitFor();
}

async function addPersonWithMedical(lead: Laptop, name: string, medical: string): Promise<void> {
  await lead.tab('cases:tabs.people');
  await lead.press('people:add');
  const dialog = lead.dialog('people:addTitle');
  await lead.fill('people:name', name, dialog);
  await lead.choose('people:role', lead.say('common:term.personRole.of-concern'), dialog);
  await lead.fill('people:medical', medical, dialog);
  await lead.press('common:action.save', dialog);
  await dialog.waitFor({ state: 'detached' });
}

async function inviteDoctor(lead: Laptop, name: string): Promise<void> {
  const { page, say } = lead;
  await lead.tab('cases:tabs.overview');
  const team = page.getByRole('region', { name: say('cases:overview.team') });
  await lead.press('cases:team.invite', team);
  const dialog = lead.dialog('cases:team.inviteTitle');
  await lead.choose('cases:team.person', name, dialog);
  await lead.choose('cases:team.role', say('common:term.caseRole.member'), dialog);
  await lead.press('cases:team.invite', dialog);
  await lead.text('cases:team.sectionsMissing').waitFor();
  const persons = dialog.getByRole('radiogroup', { name: say('common:term.section.persons'), exact: true });
  // By keyboard: digits choose while the group has the focus.
  await persons.getByRole('radio', { name: say('common:term.sectionRight.none') }).focus();
  await page.keyboard.press('2');
  await lead.tick(say('common:term.compartment.medical'), dialog);
  const until = new Date(Date.now() + 14 * 86_400_000);
  await lead.fillDay('cases:team.until', until, dialog);
  const group = dialog.getByRole('group', { name: new RegExp(`^${say('cases:team.until')}( · .*)?$`) });
  for (const [type, value] of [
    ['hour', '18'],
    ['minute', '00'],
  ] as const) {
    await group.locator(`[data-type="${type}"]`).first().click();
    await page.keyboard.type(value);
  }
  await picture(lead, 'invitation');
  await lead.press('cases:team.invite', dialog);
  await dialog.waitFor({ state: 'detached' });
  await team.getByText(say('common:term.compartment.medical')).waitFor();
  await picture(lead, 'team');
  await allSent(lead);
}

async function seesJustThat(doctor: Laptop, name: string, medical: string): Promise<void> {
  const { page, say } = doctor;
  const tabs = await page.getByRole('tab').allTextContents();
  expect(tabs.map((text) => text.replace(/\d+$/, '').trim())).toEqual(
    ['overview', 'people', 'history'].map((tab) => say(`cases:tabs.${tab}`)),
  );
  await picture(doctor, 'doctor');
  await doctor.tab('cases:tabs.people');
  expect(await page.getByRole('button', { name: say('people:add') }).count()).toBe(0);
  await page.getByRole('row', { name: new RegExp(name) }).click();
  const dialog = page.getByRole('dialog', { name });
  await dialog.getByText(medical).waitFor();
  expect(await dialog.getByRole('textbox').count()).toBe(0);
  await picture(doctor, 'doctor-person');
  await page.keyboard.press('Escape');
}

interface Told {
  readonly medical: string;
  readonly reason: string;
}

async function breakGlass(colleague: Laptop, name: string, { medical, reason }: Told): Promise<void> {
  const { page, say } = colleague;
  await colleague.tab('cases:tabs.people');
  await page.getByRole('row', { name: new RegExp(name) }).click();
  const person = colleague.dialog('people:editTitle');
  expect(await person.getByText(medical).count()).toBe(0);
  await picture(colleague, 'sealed');
  const part = { name: say('common:term.compartment.medical') };
  const seal = person.getByRole('button', { name: `${part.name}: ${say('cases:sealed.field')}` });
  await focusOn(page, seal);
  await page.keyboard.press('Enter');
  const dialog = colleague.dialog('cases:sealed.dialogTitle', part);
  await colleague.press('cases:sealed.submit', dialog);
  await colleague.text('cases:sealed.missingReason').waitFor();
  await colleague.fill('cases:sealed.reason', reason, dialog);
  await picture(colleague, 'break-glass');
  await colleague.press('cases:sealed.submit', dialog);
  await dialog.waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');
  await person.waitFor({ state: 'detached' });
  await allSent(colleague);
  const row = page.getByRole('row', { name: new RegExp(name) });
  await row.getByText(say('cases:sealed.mark')).waitFor({ state: 'detached', timeout: 30_000 });
  await row.click();
  await expect
    .poll(() => colleague.field('people:medical', person).inputValue(), { timeout: 20_000 })
    .toBe(medical);
  await picture(colleague, 'opened');
  await page.keyboard.press('Escape');
  await colleague.tab('cases:tabs.history');
  await page.getByText(reason).first().waitFor();
}

describe.each(['de', 'en'] as const)('in %s', (language) => {
  test('a doctor sees what the invitation names, and breaking the glass is told to the data protection officer', async () => {
    const story = stories[language];
    const { medical, reason } = told[language];
    const { name } = story.people.ofConcern;
    // Of two people with one name the directory would offer both.
    const names = {
      ...{ lead: `${story.lead} ${language}`, colleague: story.second },
      doctor: `Dr. Meret Kaya ${language}`,
    };
    const [lead, colleague, doctor] = await Promise.all([
      stack.person(names.lead, 'specialist'),
      stack.person(names.colleague, 'specialist'),
      stack.person(names.doctor, 'member'),
    ]);
    const officer = await stack.person('Dora Lindner', 'dpo');
    const first = await sit(lead, language);
    await takeReport(first, story.report);
    await openCase(first, story);
    await addPersonWithMedical(first, name, medical);
    await inviteDoctor(first, names.doctor);

    const ofDoctor = await sit(doctor, language);
    await openOnlyCase(ofDoctor, story.triage.title);
    await seesJustThat(ofDoctor, name, medical);

    const ofOfficer = await sit(officer, language);
    await ofOfficer.heading('day:glass.title').waitFor();
    const second = await sit(colleague, language);
    await openOnlyCase(second, story.triage.title);
    await breakGlass(second, name, { medical, reason });

    await ofOfficer.page.getByText(reason).waitFor({ timeout: 30_000 });
    await picture(ofOfficer, 'officer');
    const line = ofOfficer.page.getByRole('row', { name: new RegExp(names.colleague) });
    await line.getByText(ofOfficer.say('day:glass.take')).click();
    await line.getByText(ofOfficer.say('day:glass.noted'), { exact: true }).waitFor();
  });
});
