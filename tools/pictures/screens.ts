/** Every screen and every dialog worth a picture: who sees it, and how to get there. */
import { startAssessment } from '../../e2e/journey/steps/assessment.ts';
import { addNote } from '../../e2e/journey/steps/caseFile.ts';
import { offlineWith, switchOffline } from '../../e2e/journey/steps/exchange.ts';
import { enterCode, lock, tryPassphrase } from '../../e2e/journey/steps/gate.ts';
import type { Laptop } from '../../e2e/support/laptop.ts';
import { playDemo } from '../demo/data.ts';
import { apartScreens } from './apart.ts';
import { closedScreens } from './closedScreens.ts';

export interface Screen {
  /** Name of the picture's file. */
  readonly name: string;
  readonly seenBy: 'newcomer' | 'lead' | 'intake' | 'english' | 'closedDe' | 'closedEn';
  readonly show: (laptop: Laptop, around: Around) => Promise<void>;
}

/** What there is beside the laptop that shows the screen. */
export interface Around extends Readonly<Record<Screen['seenBy'], Laptop>> {
  /** A one-time code that has not been used. */
  readonly newCode: () => Promise<string>;
}

/** The screens in their order; the later ones change what the earlier ones show. */
export function screensOf(nowMs: number): readonly Screen[] {
  const german = `/cases/${showcase(nowMs, 'de')}`;
  return [
    ...gateScreens,
    ...intakeScreens,
    ...workScreens,
    ...caseScreens(german),
    ...englishScreens(`/cases/${showcase(nowMs, 'en')}`),
    ...apartScreens(german),
    ...awayScreens(german),
    ...closedScreens('de'),
    ...closedScreens('en'),
  ];
}

const gateScreens: readonly Screen[] = [
  { name: 'enrol', seenBy: 'newcomer', show: async () => undefined },
  {
    name: 'enrol-passphrase',
    seenBy: 'newcomer',
    async show(laptop, { newCode }) {
      await enterCode(laptop, await newCode(), 'Laptop 40');
      await laptop.fill('session:enrol.passphrase', 'blauer Fahrradhelm');
    },
  },
];

const intakeScreens: readonly Screen[] = [
  { name: 'reports', seenBy: 'intake', show: at('/reports') },
  { name: 'report-triage', seenBy: 'intake', show: thenOpen('/reports') },
  { name: 'take-report', seenBy: 'intake', show: at('/reports/new') },
];

const workScreens: readonly Screen[] = [
  { name: 'my-day', seenBy: 'lead', show: at('/') },
  { name: 'commands', seenBy: 'lead', show: search('') },
  { name: 'search', seenBy: 'lead', show: search('parkhaus') },
  { name: 'shortcuts', seenBy: 'lead', show: pressOn('/', '?') },
  { name: 'cases', seenBy: 'lead', show: at('/cases') },
  { name: 'conflicts', seenBy: 'lead', show: at('/conflicts') },
  { name: 'conflict', seenBy: 'lead', show: thenOpen('/conflicts') },
  { name: 'settings', seenBy: 'lead', show: at('/settings') },
  { name: 'backup', seenBy: 'lead', show: thenPress(at('/settings'), 'settings:backup.make') },
];

function caseScreens(path: string): readonly Screen[] {
  const rating = thenOpen(`${path}/assessments`, 'a[href*="/assessments/"]');
  const screens: readonly Omit<Screen, 'seenBy'>[] = [
    { name: 'case-overview', show: at(path) },
    { name: 'case-edit', show: thenPress(at(path), 'common:action.edit') },
    { name: 'case-team', show: thenPress(at(path), 'cases:team.invite') },
    { name: 'case-people', show: at(`${path}/people`) },
    { name: 'person', show: thenOpen(`${path}/people`) },
    { name: 'case-observations', show: at(`${path}/observations`) },
    { name: 'observation', show: thenPress(at(`${path}/observations`), 'observations:add') },
    { name: 'case-assessments', show: at(`${path}/assessments`) },
    { name: 'assessment-start', show: thenPress(at(`${path}/assessments`), 'assessments:startNext') },
    { name: 'assessment', show: rating },
    { name: 'assessment-evidence', show: thenPress(rating, 'assessments:linkEvidence') },
    { name: 'assessment-decide', show: thenPress(rating, 'assessments:decide') },
    { name: 'case-measures', show: at(`${path}/measures`) },
    { name: 'measure', show: thenOpen(`${path}/measures`) },
    { name: 'case-evidence', show: at(`${path}/evidence`) },
    { name: 'evidence-add', show: thenPress(at(`${path}/evidence`), 'evidence:add') },
    { name: 'case-history', show: at(`${path}/history`) },
  ];
  return screens.map((screen) => ({ ...screen, seenBy: 'lead' }));
}

function englishScreens(path: string): readonly Screen[] {
  const screens: readonly Omit<Screen, 'seenBy'>[] = [
    { name: 'english-my-day', show: at('/') },
    { name: 'english-case', show: at(path) },
    {
      name: 'english-assessment',
      async show(laptop) {
        await laptop.goTo(`${path}/assessments`);
        await startAssessment(laptop);
      },
    },
  ];
  return screens.map((screen) => ({ ...screen, seenBy: 'english' }));
}

/** Without the service, and without the passphrase. */
function awayScreens(path: string): readonly Screen[] {
  return [
    {
      name: 'offline',
      seenBy: 'lead',
      async show(laptop) {
        await switchOffline(laptop, true);
        await laptop.goTo(path);
        await addNote(laptop, 'Rückruf der Betriebsärztin für morgen vereinbart.');
        await addNote(laptop, 'Werkschutz unterrichtet, Streife am Parkhaus bis 22 Uhr.');
        await offlineWith(laptop, 2);
        await laptop.goTo('/sync');
      },
    },
    { name: 'unlock', seenBy: 'lead', show: lock },
    {
      name: 'unlock-refused',
      seenBy: 'lead',
      async show(laptop) {
        await tryPassphrase(laptop, 'grüner Fahrradhelm am Nordufer');
        await laptop.page.getByRole('alert').waitFor();
      },
    },
  ];
}

/** The richest case of the demo data in a language: managed, assessed more than once, with measures. */
function showcase(nowMs: number, language: 'de' | 'en'): string {
  const lead = { de: 'kessler', en: 'okafor' }[language];
  const found = playDemo({ nowMs }).find(
    ({ script }) =>
      script.language === language &&
      script.status === 'managing' &&
      script.lead === lead &&
      (script.assessments?.length ?? 0) > 1 &&
      script.measures !== undefined,
  );
  if (found === undefined) {
    throw new Error('The demo data has no managed case that was assessed more than once.');
  }
  return found.file.id;
}

function at(path: string): Screen['show'] {
  return (laptop) => laptop.goTo(path);
}

/** Goes to a screen and opens the first thing of that kind on it. */
function thenOpen(path: string, first = '[data-interactive]'): Screen['show'] {
  return async (laptop) => {
    await laptop.goTo(path);
    await laptop.page.locator(first).first().click();
  };
}

/** Goes somewhere and presses what is called so there. */
function thenPress(show: Screen['show'], key: string): Screen['show'] {
  return async (laptop, around) => {
    await show(laptop, around);
    await laptop.press(key, laptop.page.getByRole('main'));
    await laptop.page.getByRole('dialog').waitFor();
  };
}

function pressOn(path: string, key: string): Screen['show'] {
  return (laptop) => press(laptop, path, key);
}

async function press(laptop: Laptop, path: string, key: string): Promise<void> {
  await laptop.goTo(path);
  await laptop.page.getByRole('heading', { level: 1 }).waitFor();
  await laptop.page.keyboard.press(key);
  await laptop.page.getByRole('dialog').waitFor();
}

function search(words: string): Screen['show'] {
  return async (laptop) => {
    await press(laptop, '/', 'Control+k');
    await laptop.page.keyboard.type(words);
  };
}

/** The way out of every dialog; a search field takes the first Escape to clear itself. */
export async function closeDialogs(laptop: Laptop): Promise<void> {
  const dialog = laptop.page.getByRole('dialog');
  for (let press = 0; press < 3 && (await dialog.count()) > 0; press += 1) {
    await laptop.page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached', timeout: 1_000 }).catch(() => undefined);
  }
}
