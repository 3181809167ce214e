/**
 * The path of the product, walked by people at their laptops: a report becomes a case, is assessed, gets a measure,
 * and a second laptop sees it. Told once, and walked in German and in English by the files beside this one.
 */

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import catalogue from '../../resources/measures/catalogue.json' with { type: 'json' };
import type { Laptop } from '../support/laptop.ts';
import { type Person, type Stack, startStack } from '../support/stack.ts';
import { type SpokenLanguage, word } from '../support/words.ts';
import {
  codeByKeyboard,
  decideByKeyboard,
  detailByKeyboard,
  startAssessmentByKeyboard,
} from './steps/assessment.ts';
import { addMeasure, addNote, addObservation, addPerson, editObservation } from './steps/caseFile.ts';
import { allSent, exchangeNow, offlineWith, switchOffline } from './steps/exchange.ts';
import { enrol, lock, unlock } from './steps/gate.ts';
import { openCase, takeReportByKeyboard } from './steps/intake.ts';
import { sideways } from './steps/layout.ts';
import { passphrases, stories } from './story.ts';

export function walkTheJourney(language: SpokenLanguage): void {
  const story = stories[language];
  const passphrase = passphrases[language];
  let stack: Stack;
  let lead: Person;
  let second: Person;
  let intake: Person;
  let first: Laptop;
  let other: Laptop;
  let desk: Laptop;
  let casePath = '';

  const rail = (laptop: Laptop, section: string) =>
    laptop.page
      .getByRole('navigation', { name: laptop.say('common:nav.label') })
      .getByRole('link', { name: new RegExp(`^${laptop.say(`common:nav.${section}`)}`) });
  const title = (laptop: Laptop) =>
    laptop.page.getByRole('heading', { level: 1, name: story.triage.title, exact: true });

  describe(`the journey in ${language === 'de' ? 'German' : 'English'}`, () => {
    beforeAll(async () => {
      stack = await startStack();
      lead = await stack.person(story.lead, 'specialist');
      second = await stack.person(story.second, 'specialist');
      intake = await stack.person(story.intake, 'intake');
      first = await stack.laptop({ language, slowKdf: true });
      other = await stack.laptop({ language });
      desk = await stack.laptop({ language });
    });
    afterAll(() => stack?.close());
    afterEach(({ task }) => stack.judge(task));

    test('a laptop is set up with a one-time code and a passphrase, and opens on "My day"', async () => {
      await enrol(first, { code: await stack.invite(lead), label: 'Laptop 17', passphrase });
      await first.text('day:firstUse.title').waitFor();
      await allSent(first);
    });

    test('two more people set theirs up', async () => {
      await enrol(other, { code: await stack.invite(second), label: 'Laptop 22', passphrase });
      await enrol(desk, { code: await stack.invite(intake), label: 'Laptop 11', passphrase });
      await allSent(other);
      await allSent(desk);
    });

    test('a report is taken on the telephone, with the keyboard alone', async () => {
      await takeReportByKeyboard(first, story.report);
      for (const text of Object.values(story.report)) {
        expect(await first.page.getByText(text, { exact: true }).count(), text).toBeGreaterThan(0);
      }
      await first.text('common:term.behaviour.leakage').waitFor();
      await first.text('reports:list.emergency').waitFor();
      await allSent(first);
    });

    test('whoever takes reports sees it at the top of the queue, and colleagues who do not work on it do not', async () => {
      await rail(desk, 'reports').click();
      await desk.page.getByRole('row', { name: new RegExp(desk.say('reports:list.emergency')) }).waitFor();
      await rail(other, 'reports').click();
      await other.text('reports:list.emptyTitle').waitFor();
    });

    test('it is triaged into a case with a lead and a team', async () => {
      await openCase(first, story);
      casePath = new URL(first.page.url()).hash.slice(1);
      const team = first.page.getByRole('region', { name: first.say('cases:overview.team') });
      await team.getByText(story.lead, { exact: true }).waitFor();
      await team.getByText(story.second, { exact: true }).waitFor();
      await nameForReporter(first, story.second);
      await allSent(first);
      await first.page
        .getByText(/2\d{3}-0001/)
        .first()
        .waitFor();
    });

    test('from then on only the team sees it', async () => {
      await desk.text('reports:list.emptyTitle').waitFor({ timeout: 30_000 });
      await rail(other, 'cases').click();
      await other.page
        .getByRole('row', { name: new RegExp(story.triage.title) })
        .waitFor({ timeout: 30_000 });
    });

    test('people and observations are added', async () => {
      await first.tab('cases:tabs.people');
      await addPerson(first, { ...story.people.ofConcern, role: 'of-concern' });
      await addPerson(first, { ...story.people.target, role: 'target' });
      await first.tab('cases:tabs.observations');
      for (const observation of story.observations) await addObservation(first, observation);
    });

    test('it is assessed with the keyboard alone, and signed', async () => {
      await first.goTo(`${casePath}/assessments`);
      await startAssessmentByKeyboard(first);
      await codeByKeyboard(first);
      await detailByKeyboard(first, story);
      await decideByKeyboard(first, story.assessment.rationale);
      await title(first).waitFor();
      await first.page.getByText(story.assessment.rationale).first().waitFor();
      await first.text('common:level.elevated').waitFor();
      await first.text('common:term.caseStatus.assessed').waitFor();
    });

    test('a measure of the catalogue gets an owner and a due date', async () => {
      await first.tab('cases:tabs.measures');
      const due = new Date(Date.now() + 5 * 86_400_000);
      await addMeasure(first, {
        title: measureTitle(language),
        owner: story.second,
        due,
        note: story.measure.note,
      });
    });

    test('after locking and unlocking everything is there', async () => {
      await lock(first);
      expect(await first.page.getByText(story.triage.title).count()).toBe(0);
      await unlock(first, passphrase);
      await first.goTo(casePath);
      await title(first).waitFor();
      await first.page.getByText(story.assessment.rationale).first().waitFor();
      await first.page.getByText(story.people.target.name).first().waitFor();
      await first.page
        .getByText(story.observations[1]?.text ?? '')
        .first()
        .waitFor();
      await first.page.getByText(measureTitle(language)).first().waitFor();
      await first.tab('cases:tabs.assessments');
      await first.page.getByText(new RegExp(story.lead)).first().waitFor();
    });

    test('work goes on offline, by choice, and is sent when one comes back', async () => {
      await switchOffline(first, true);
      await offlineWith(first, 0);
      await first.goTo(casePath);
      await addNote(first, story.offline.held);
      await offlineWith(first, 1);
      await switchOffline(first, false);
      await allSent(first);
      await other.goTo(casePath);
      await other.page.getByText(story.offline.held).waitFor({ timeout: 30_000 });
    });

    test('work goes on when the cable is pulled, and is sent when it is back', async () => {
      first.cable.unplug();
      await first.goTo(casePath);
      await addNote(first, story.offline.unplugged);
      await offlineWith(first, 1);
      first.cable.plugIn();
      await exchangeNow(first);
      await other.page.getByText(story.offline.unplugged).waitFor({ timeout: 30_000 });
    });

    test('the second laptop shows the same case', async () => {
      for (const path of ['', '/people', '/observations', '/assessments', '/measures', '/history']) {
        await first.goTo(`${casePath}${path}`);
        await other.goTo(`${casePath}${path}`);
        await showTheSame(first, other);
      }
    });

    test('both change the same words apart, and both are told', async () => {
      const [before] = story.observations;
      await switchOffline(first, true);
      other.cable.unplug();
      for (const [laptop, words] of [
        [first, story.conflict.mine],
        [other, story.conflict.theirs],
      ] as const) {
        await laptop.goTo(`${casePath}/observations`);
        await editObservation(laptop, before?.text ?? '', words);
      }
      await switchOffline(first, false);
      await allSent(first);
      other.cable.plugIn();
      await exchangeNow(other);
      for (const laptop of [first, other]) {
        await rail(laptop, 'conflicts').getByText('1', { exact: true }).waitFor({ timeout: 30_000 });
      }
    });

    test('the conflict shows what both had seen and what each wrote, with names, times and laptops', async () => {
      await rail(first, 'conflicts').click();
      await first.page.getByRole('row', { name: new RegExp(story.triage.title) }).click();
      const version = (key: string) => first.page.getByRole('region', { name: first.say(key), exact: true });
      await version('conflicts:base')
        .getByText(story.observations[0]?.text ?? '')
        .waitFor();
      const shown = async (key: string) => (await version(key).textContent()) ?? '';
      expect(await shown('conflicts:mine')).toContain(story.conflict.mine);
      expect(await shown('conflicts:mine')).toContain(`${story.lead} · Laptop 17`);
      expect(await shown('conflicts:theirs')).toContain(story.conflict.theirs);
      expect(await shown('conflicts:theirs')).toContain(`${story.second} · Laptop 22`);
    });

    test('a person resolves it, and both laptops agree', async () => {
      await first.page.keyboard.press('2');
      await first.fill('conflicts:result', story.conflict.result);
      await first.page.keyboard.press('Control+Enter');
      await first.text('conflicts:emptyTitle').waitFor();
      for (const laptop of [first, other]) {
        await laptop.goTo(`${casePath}/observations`);
        await laptop.page.getByText(story.conflict.result).waitFor({ timeout: 30_000 });
        await rail(laptop, 'conflicts').getByText('1', { exact: true }).waitFor({ state: 'detached' });
      }
      await first.goTo(`${casePath}/history`);
      await other.goTo(`${casePath}/history`);
      await showTheSame(first, other);
    });

    test('the history says who wrote what on which laptop, and keeps what was overruled', async () => {
      const entry = (text: string) => first.page.getByRole('listitem').filter({ hasText: text }).first();
      await entry(story.conflict.theirs).getByText(`${story.second} · Laptop 22`).waitFor();
      await entry(story.conflict.mine).getByText(`${story.lead} · Laptop 17`).waitFor();
      await entry(story.conflict.result).getByText(`${story.lead} · Laptop 17`).waitFor();
    });

    test('the search finds a person however the name is typed, and goes there', async () => {
      await other.page.keyboard.press('Control+k');
      await other.page.getByRole('combobox', { name: other.say('search:placeholder') }).waitFor();
      await other.page.keyboard.type(story.search.typed);
      await other.page.getByRole('option').getByText(story.search.found).first().waitFor();
      await other.page.keyboard.press('Enter');
      await title(other).waitFor();
      expect(new URL(other.page.url()).hash).toContain(casePath);
    });

    test('the language changes at once, without a restart', async () => {
      const elsewhere = language === 'de' ? 'en' : 'de';
      await rail(other, 'settings').click();
      await other.tick(other.say(`settings:languageName.${elsewhere}`));
      await other.page.getByRole('heading', { name: word(elsewhere, 'settings:appearance') }).waitFor();
      expect(await other.page.locator('html').getAttribute('lang')).toBe(elsewhere);
      await other.tick(other.say(`settings:languageName.${language}`));
      await other.heading('settings:appearance').waitFor();
    });

    test('so do the colours', async () => {
      const ink = () => other.page.evaluate(() => getComputedStyle(document.body).color);
      const light = await ink();
      await other.tick(other.say('settings:themeName.dark'));
      await expect.poll(ink).not.toBe(light);
      await other.tick(other.say('settings:themeName.system'));
      await expect.poll(ink).toBe(light);
    });

    test('at 200 % zoom and in a narrow window nothing scrolls sideways', async () => {
      const paths = [
        '/',
        '/reports/new',
        '/cases',
        casePath,
        `${casePath}/observations`,
        `${casePath}/measures`,
      ];
      for (const size of [
        { width: 640, height: 400 },
        { width: 400, height: 700 },
      ]) {
        await other.page.setViewportSize(size);
        for (const path of [...paths, '/conflicts', '/sync', '/settings']) {
          await other.goTo(path);
          await other.page.getByRole('heading', { level: 1 }).waitFor();
          expect(await sideways(other.page), `${path} at ${size.width}`).toBe(0);
        }
      }
    });
  });
}

/** The lead lets somebody on the team know who reported: even to the team that is sealed. */
async function nameForReporter(lead: Laptop, name: string): Promise<void> {
  const { page, say } = lead;
  await page.getByRole('button', { name: `${say('common:action.edit')}: ${name}`, exact: true }).click();
  const dialog = lead.dialog('cases:team.changeTitle');
  await lead.tick(say('common:term.compartment.reporter-identity'), dialog);
  await lead.press('common:action.save', dialog);
  await dialog.waitFor({ state: 'detached' });
}

/** The name of a measure of the shipped catalogue. */
function measureTitle(language: SpokenLanguage): string {
  const entry = catalogue.measures.find(({ code }) => code === 'access-change');
  if (entry === undefined) throw new Error('The catalogue has no such measure.');
  return entry.title[language];
}

/** The same words in the tab of the case that both have open, without what may be done there: that is not the same. */
async function showTheSame(one: Laptop, other: Laptop): Promise<void> {
  const look = async () => ({ one: await panelOf(one), other: await panelOf(other) });
  await expect.poll(look, { timeout: 20_000 }).toSatisfy((now) => now.one !== '' && now.one === now.other);
}

async function panelOf({ page }: Laptop): Promise<string> {
  const name = await page.getByRole('tab', { selected: true }).textContent();
  const isLoading = (await page.getByRole('tabpanel').getByRole('status').count()) > 0;
  const words = await page.getByRole('tabpanel').evaluate((panel) => {
    const copy = panel.cloneNode(true);
    if (!(copy instanceof Element)) return '';
    for (const button of copy.querySelectorAll('button')) button.remove();
    return copy.textContent;
  });
  return isLoading ? '' : `${name}: ${words}`;
}
