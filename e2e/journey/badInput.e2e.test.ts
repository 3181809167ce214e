import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createAuthority, issueServerCertificate } from '../../tools/support/authority.ts';
import type { Laptop } from '../support/laptop.ts';
import { type Person, type Stack, startStack } from '../support/stack.ts';
import { startAssessment } from './steps/assessment.ts';
import { addPerson } from './steps/caseFile.ts';
import { allSent, exchangeNow, offlineWith, openExchange } from './steps/exchange.ts';
import { choosePassphrase, enrol, enterCode, lock, tryPassphrase, unlock } from './steps/gate.ts';
import { openCase, takeReport } from './steps/intake.ts';
import { passphrases, stories } from './story.ts';

const story = stories.de;
const passphrase = passphrases.de;
let stack: Stack;
let anna: Person;
/** Another authority than the service's, and a certificate of it for the same name. */
let foreign: { readonly caPem: string; readonly certificatePem: string; readonly keyPem: string };

beforeAll(async () => {
  stack = await startStack();
  anna = await stack.person(story.lead, 'specialist');
  await stack.person(story.second, 'specialist');
  const folder = await mkdtemp(join(tmpdir(), 'tma-foreign-'));
  const authority = await createAuthority(folder);
  const certificate = await issueServerCertificate(authority);
  foreign = { ...certificate, caPem: authority.certificatePem };
  await rm(folder, { recursive: true });
});
afterAll(() => stack?.close());
afterEach(({ task }) => stack.judge(task));

/** The list of measures opens with its dialog, and when it is what is missing. */
async function closeList({ page }: Laptop): Promise<void> {
  if ((await page.getByRole('listbox').count()) > 0) await page.keyboard.press('Escape');
}

/** The words of the error catalogue stand on the screen. */
async function says(laptop: Laptop, code: string): Promise<void> {
  await laptop.page
    .getByText(laptop.say(`errors:${code}.title`))
    .first()
    .waitFor();
}

describe('a new laptop', () => {
  let laptop: Laptop;
  beforeAll(async () => {
    laptop = await stack.laptop({ language: 'de' });
  });

  test('says that a code is not known, and keeps what was typed', async () => {
    await enterCode(laptop, 'ABCD-EFGH-JKLM-NPQR', 'Laptop 17');
    await says(laptop, 'enrol.code-unknown');
    expect(await laptop.field('session:enrol.code').inputValue()).toBe('ABCD-EFGH-JKLM-NPQR');
  });

  test('says that a code has expired', async () => {
    const code = await stack.invite(anna, 1);
    await enterCode(laptop, code, 'Laptop 17');
    await says(laptop, 'enrol.code-expired');
  });

  test('says that a code was used, by whomever', async () => {
    const code = await stack.invite(anna);
    const another = await stack.laptop({ language: 'de' });
    await enrol(another, { code, label: 'Laptop 16', passphrase });
    await enterCode(laptop, code, 'Laptop 17');
    await says(laptop, 'enrol.code-used');
  });

  test('says calmly that the service does not answer, and takes the same code when it does again', async () => {
    const code = await stack.invite(anna);
    laptop.cable.unplug();
    await enterCode(laptop, code, 'Laptop 17');
    await says(laptop, 'service.unreachable');
    laptop.cable.plugIn();
    await laptop.press('session:enrol.check');
    await laptop.field('session:enrol.repeat').waitFor();
  });

  test('refuses a passphrase that is too short, too common or typed differently, each in its own words', async () => {
    await choosePassphrase(laptop, 'kurz', 'kurz');
    await laptop.page.getByText(laptop.say('errors:vault.passphrase-short.text', { min: '15' })).waitFor();
    await choosePassphrase(laptop, 'passwortpasswort', 'passwortpasswort');
    await laptop.page.getByText(laptop.say('errors:vault.passphrase-common.text')).waitFor();
    await choosePassphrase(laptop, passphrase, `${passphrase}!`);
    await laptop.text('session:enrol.mismatch').waitFor();
    await choosePassphrase(laptop, passphrase, passphrase);
    await laptop.heading('day:tasks.title').waitFor({ timeout: 30_000 });
  });
});

test('a laptop does not talk to a service whose certificate comes from another authority', async () => {
  const laptop = await stack.laptop({ language: 'de', caPem: foreign.caPem });
  await enterCode(laptop, await stack.invite(anna), 'Laptop 18');
  await says(laptop, 'service.certificate-refused');
});

describe('a laptop that is set up', () => {
  let laptop: Laptop;
  beforeAll(async () => {
    laptop = await stack.laptop({ language: 'de' });
    await enrol(laptop, { code: await stack.invite(anna), label: 'Laptop 19', passphrase });
    await allSent(laptop);
  });

  test('says how many attempts are left, and forgets them after the right passphrase', async () => {
    await lock(laptop);
    for (const left of ['9', '8']) {
      await tryPassphrase(laptop, 'grüner Fahrradhelm am Nordufer');
      await laptop.page.getByText(laptop.say('session:unlock.attempts_other', { count: left })).waitFor();
      await laptop.text('session:unlock.refused').waitFor();
    }
    await unlock(laptop, passphrase);
    await lock(laptop);
    expect(await laptop.page.getByRole('status').count()).toBe(0);
    await unlock(laptop, passphrase);
  });

  test('goes on without the service, and sends what was done once it is back', async () => {
    await stack.stopService();
    await takeReport(laptop, story.report);
    await offlineWith(laptop, 2);
    await openExchange(laptop);
    await laptop.text('sync:continues').waitFor();
    await stack.startServiceAgain();
    await exchangeNow(laptop);
  });

  test('sends nothing to somebody who answers in the place of the service', async () => {
    await stack.stopService();
    await stack.startServiceAgain(foreign);
    await laptop.goTo('/sync');
    await laptop.press('sync:now');
    await says(laptop, 'service.certificate-refused');
    await laptop.page.getByRole('button', { name: laptop.say('common:sync.attention') }).waitFor();
    await stack.stopService();
    await stack.startServiceAgain();
    await exchangeNow(laptop);
  });

  test('lets no other browser in with an address that was used, and its own again', async () => {
    const address = `http://127.0.0.1:${laptop.preview.port}/`;
    const used = laptop.preview.url;
    const stranger = await stack.browser.newContext();
    const tab = await stranger.newPage();
    const answer = await tab.goto(used);
    expect(answer?.status()).toBe(401);
    expect(await tab.textContent('body')).toContain('host.token-invalid');
    expect((await tab.goto(address))?.status()).toBe(401);
    await stranger.close();

    const own = await laptop.page.context().newPage();
    expect((await own.goto(used))?.status()).toBe(200);
    await own.getByRole('navigation', { name: laptop.say('common:nav.label') }).waitFor();
    await own.close();
  });
});

describe('an empty form names what is missing, at the field, and keeps the rest', () => {
  let laptop: Laptop;
  beforeAll(async () => {
    laptop = await stack.laptop({ language: 'de' });
    await enrol(laptop, { code: await stack.invite(anna), label: 'Laptop 20', passphrase });
  });
  beforeEach(() => laptop.page.bringToFront());

  const missing = (key: string) => laptop.page.getByText(laptop.say(key), { exact: true }).waitFor();

  test('a report', async () => {
    await laptop.page.keyboard.press('n');
    await laptop.fill('reports:take.where', 'Werk 3');
    await laptop.press('reports:take.save');
    await missing('reports:take.missingWho');
    await missing('reports:take.missingWhat');
    expect(await laptop.field('reports:take.where').inputValue()).toBe('Werk 3');
    await expect
      .poll(() =>
        laptop.field('reports:take.who').evaluate((field) => field === field.ownerDocument.activeElement),
      )
      .toBe(true);
    await laptop.press('reports:take.discard');
  });

  test('the triage', async () => {
    await takeReport(laptop, story.report);
    await laptop.press('reports:triage.confirm.open');
    await missing('reports:triage.missingReason');
    await missing('reports:triage.missingTitle');
    await openCase(laptop, story);
  });

  test('a person, an observation, a measure', async () => {
    for (const [tab, add, title, errors] of [
      ['people', 'people:add', 'people:addTitle', ['people:missingName', 'people:missingRole']],
      [
        'observations',
        'observations:add',
        'observations:addTitle',
        ['observations:missingText', 'observations:missingSource'],
      ],
      [
        'measures',
        'measures:add',
        'measures:addTitle',
        ['measures:missingCode', 'measures:missingOwner', 'measures:missingDue'],
      ],
    ] as const) {
      await laptop.tab(`cases:tabs.${tab}`);
      await laptop.press(add);
      const dialog = laptop.dialog(title);
      await closeList(laptop);
      await laptop.press('common:action.save', dialog);
      for (const error of errors) await missing(error);
      await closeList(laptop);
      await laptop.press('common:action.cancel', dialog);
      await dialog.waitFor({ state: 'detached' });
    }
    await laptop.tab('cases:tabs.people');
    await addPerson(laptop, { ...story.people.target, role: 'target' });
  });

  test('the signature of an assessment', async () => {
    await laptop.tab('cases:tabs.assessments');
    await startAssessment(laptop);
    await laptop.press('assessments:decide');
    const dialog = laptop.dialog('assessments:decideTitle');
    await dialog.getByText(laptop.say('assessments:incomplete_other', { count: '8' })).waitFor();
    await laptop.press('assessments:sign', dialog);
    await missing('assessments:missingLevel');
    await missing('assessments:missingRationale');
    await laptop.tick(laptop.say('common:levelLong.low'), dialog);
    await laptop.fill('assessments:rationale', 'Noch nichts eingeschätzt.', dialog);
    await laptop.press('assessments:sign', dialog);
    await says(laptop, 'assessment.incomplete');
    expect(await laptop.field('assessments:rationale', dialog).inputValue()).toBe(
      'Noch nichts eingeschätzt.',
    );
  });
});
