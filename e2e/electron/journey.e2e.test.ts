/**
 * The path of the product in a real Electron, against the real service: set up, report, triage, people, observations,
 * assessment, measure, offline, lock, start again, unlock. What is told in more detail, and with several laptops, is
 * in `e2e/journey`; here it is the product's own window, keystore and case process that are walked through.
 *
 * A lock ends the process behind the page, and with it Playwright's hold on the page: what is shown after it is asked
 * through the main process, and the walk goes on in a program that was started again.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import catalogue from '../../resources/measures/catalogue.json' with { type: 'json' };
import {
  codeByKeyboard,
  decideByKeyboard,
  detailByKeyboard,
  startAssessmentByKeyboard,
} from '../journey/steps/assessment.ts';
import { addMeasure, addNote, addObservation, addPerson } from '../journey/steps/caseFile.ts';
import { allSent, offlineWith, switchOffline } from '../journey/steps/exchange.ts';
import { enrol, unlock } from '../journey/steps/gate.ts';
import { openCase, takeReportByKeyboard } from '../journey/steps/intake.ts';
import { passphrases, stories } from '../journey/story.ts';
import { type Desk, deskAt } from '../support/desk.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { launchWorkstation, runtime, type Workstation } from './launch.ts';

const language = 'en';
const story = stories[language];
const passphrase = passphrases[language];

describe.skipIf(!runtime.found)('the journey in a real Electron', () => {
  let stack: Stack;
  let workstation: Workstation;
  let desk: Desk;
  let casePath = '';

  /** What the page shows now, whichever process is behind it. */
  const shown = () =>
    workstation.app.evaluate(async ({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows();
      const text: unknown = await window?.webContents.executeJavaScript('document.body.textContent');
      return String(text);
    });
  const rendererPid = () =>
    workstation.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId(),
    );
  const clipboardText = () => workstation.app.evaluate(({ clipboard }) => clipboard.readText());

  beforeAll(async () => {
    stack = await startStack();
    const service = { url: `https://localhost:${stack.service().port}`, caPem: stack.caPem };
    workstation = await launchWorkstation({ service, language });
    desk = deskAt(workstation.page, language);
  });
  afterAll(async () => {
    await workstation?.close();
    await stack?.close();
  });

  test('a laptop is set up with a one-time code and a passphrase', async () => {
    const lead = await stack.person(story.lead, 'specialist');
    await stack.person(story.second, 'specialist');
    await enrol(desk, { code: await stack.invite(lead), label: 'Laptop 17', passphrase });
    await allSent(desk);
  });

  test('a report is taken and triaged into a case', async () => {
    await takeReportByKeyboard(desk, story.report);
    await openCase(desk, story);
    casePath = new URL(desk.page.url()).hash.slice(1);
    await allSent(desk);
  });

  test('people and observations are added', async () => {
    await desk.tab('cases:tabs.people');
    await addPerson(desk, { ...story.people.ofConcern, role: 'of-concern' });
    await desk.tab('cases:tabs.observations');
    for (const observation of story.observations) await addObservation(desk, observation);
  });

  test('it is assessed, and signed', async () => {
    await desk.goTo(`${casePath}/assessments`);
    await startAssessmentByKeyboard(desk);
    await codeByKeyboard(desk);
    await detailByKeyboard(desk, story);
    await decideByKeyboard(desk, story.assessment.rationale);
    await desk.page.getByText(story.assessment.rationale).first().waitFor();
  });

  test('a measure gets an owner and a due date', async () => {
    await desk.tab('cases:tabs.measures');
    const title = catalogue.measures.find(({ code }) => code === 'access-change')?.title[language] ?? '';
    const due = new Date(Date.now() + 5 * 86_400_000);
    await addMeasure(desk, { title, owner: story.second, due, note: story.measure.note });
  });

  test('work goes on offline and is sent afterwards', async () => {
    await switchOffline(desk, true);
    await desk.goTo(casePath);
    await addNote(desk, story.offline.held);
    await offlineWith(desk, 1);
    await switchOffline(desk, false);
    await allSent(desk);
  });

  test('E14 what is copied is on the clipboard as text, through the case process', async () => {
    await desk.goTo(casePath);
    const title = desk.page.getByRole('heading', { level: 1, name: story.triage.title });
    await title.evaluate((node) => document.getSelection()?.selectAllChildren(node));
    await desk.page.keyboard.press('Control+c');
    await expect.poll(clipboardText).toBe(story.triage.title);
  });

  test('E13 E14 a lock ends the process behind the page and empties the clipboard', async () => {
    const before = await rendererPid();
    expect(await shown()).toContain(story.triage.title);
    const startedMs = Date.now();
    await workstation.app.evaluate(({ powerMonitor }) => powerMonitor.emit('lock-screen'));
    await expect.poll(rendererPid, { timeout: 5_000 }).not.toBe(before);
    expect(Date.now() - startedMs).toBeLessThan(2_500);
    await expect.poll(shown, { timeout: 10_000 }).toContain(desk.say('session:unlock.passphrase'));
    expect(await shown()).not.toContain(story.triage.title);
    expect(await clipboardText()).toBe('');
  });

  test('started again and unlocked, everything is there', async () => {
    workstation = await workstation.again();
    desk = deskAt(workstation.page, language);
    await unlock(desk, passphrase);
    await desk.goTo(casePath);
    for (const text of [story.assessment.rationale, story.people.ofConcern.name, story.measure.note]) {
      await desk.page.getByText(text).first().waitFor();
    }
  });
});
