/** S02: signing in with the organisation, in a real browser, with a real identity provider, in both languages. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  type RunningIdentityProvider,
  startIdentityProvider,
} from '../../tools/support/identity-provider.ts';
import { choosePassphrase } from '../journey/steps/gate.ts';
import { passphrases } from '../journey/story.ts';
import type { Laptop } from '../support/laptop.ts';
import { type Stack, startStack } from '../support/stack.ts';
import type { SpokenLanguage } from '../support/words.ts';

vi.setConfig({ testTimeout: 240_000 });

const people = [
  { login: 'jana', name: 'Jana Petersen' },
  { login: 'tom', name: 'Tom Wagner' },
];
/** What the browser is told at the end; the page is the case process's own. */
const signedIn = { de: 'Sie sind angemeldet', en: 'You are signed in' } as const;

let stack: Stack;
let provider: RunningIdentityProvider;
beforeAll(async () => {
  provider = await startIdentityProvider({ people, organisation: 'Nordwerk AG' });
  stack = await startStack();
  const { admin } = stack.service();
  for (const { login, name } of people) {
    await admin.setLogin(stack.tenant, (await stack.person(name, 'specialist')).id, login);
  }
});
afterAll(async () => {
  await stack?.close();
  await provider?.stop();
});
afterEach(({ task }) => stack?.judge(task));

const decide = (decided: Parameters<RunningIdentityProvider['settings']>[0]) =>
  stack.service().admin.changeSettings(stack.tenant, {
    identity: { userClaim: 'sub', ...provider.settings(decided) },
  });

/** Follows the link to the sign-in page, as a person does where the host opens nothing by itself. */
async function toSignInPage(laptop: Laptop): Promise<Page> {
  const link = laptop.page.getByRole('link', { name: laptop.say('session:signIn.open') });
  await link.waitFor();
  const opened = laptop.page.context().waitForEvent('page');
  await link.focus();
  await laptop.page.keyboard.press('Enter');
  const page = await opened;
  await page.waitForLoadState();
  return page;
}

async function requireDone(page: Page, language: SpokenLanguage): Promise<void> {
  await page.getByRole('heading', { name: signedIn[language] }).waitFor();
  await page.close();
}

describe.each(['de', 'en'] as const)('S02: in %s a laptop', (language) => {
  test('is set up by a sign-in, is asked for the next one calmly, and signs out', async () => {
    await decide({ enrolBy: 'either', signInEveryHours: null });
    const laptop = await stack.laptop({ language, organisation: stack.tenant });
    const begin = laptop.page.getByRole('button', {
      name: laptop.say('session:signIn.beginWith', { organisation: 'Nordwerk AG' }),
    });
    // Thought better of it, and then again with the keyboard alone.
    await begin.click();
    await laptop.page.getByRole('link', { name: laptop.say('session:signIn.open') }).waitFor();
    await laptop.press('common:action.cancel');
    await laptop.text('errors:auth.sign-in-cancelled.title').waitFor();
    await begin.focus();
    await laptop.page.keyboard.press('Enter');
    const page = await toSignInPage(laptop);
    await page.getByRole('button', { name: 'Jana Petersen' }).click();
    await requireDone(page, language);
    await laptop.text('session:enrol.welcome', { name: 'Jana Petersen' }).waitFor();
    await choosePassphrase(laptop, passphrases[language], passphrases[language]);
    await laptop.heading('day:tasks.title').waitFor({ timeout: 30_000 });

    // The organisation asks for sign-ins from now on; work goes on meanwhile.
    await decide({ enrolBy: 'either', signInEveryHours: 12 });
    await laptop.goTo('/settings');
    await laptop.text('settings:signIn.title').waitFor();
    await laptop.press('settings:signIn.out');
    await laptop.text('settings:signIn.never').waitFor();
    await laptop.goTo('/sync');
    await laptop.text('errors:auth.sign-in-required.title').waitFor();
    await laptop.press('sync:signIn');
    // The browser still knows the person: the provider asks nothing.
    await requireDone(await toSignInPage(laptop), language);
    await laptop.text('errors:auth.sign-in-required.title').waitFor({ state: 'detached' });
    await laptop.page.getByText(laptop.say('sync:state.idle'), { exact: true }).first().waitFor();
    expect(await laptop.page.content()).not.toMatch(/eyJ[\w-]{20}/);
  });
});
