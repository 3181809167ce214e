/** What comes of two people working apart: shown by letting them, on the laptops of the album. */
import { editObservation } from '../../e2e/journey/steps/caseFile.ts';
import { allSent, openExchange, switchOffline } from '../../e2e/journey/steps/exchange.ts';
import { escaped } from '../../e2e/support/desk.ts';
import type { Laptop } from '../../e2e/support/laptop.ts';
import type { Screen } from './screens.ts';

/** Long enough for an edit to go from one laptop to the other. */
const patienceMs = 30_000;
const heard = 'Soll nach Dienstzeiten und Stellplatz der Leitung gefragt haben.';

/** `path` is a case that one leads and the other works on. */
export function apartScreens(path: string): readonly Screen[] {
  return [
    {
      name: 'sync',
      seenBy: 'lead',
      async show(laptop) {
        await laptop.goTo('/sync');
        await laptop.page.getByRole('radio', { name: new RegExp(`^${allCases(laptop)}`) }).click();
      },
    },
    {
      name: 'conflict-text',
      seenBy: 'lead',
      async show(laptop) {
        await openConflict(laptop, 'cases:field.text');
        await laptop.press('conflicts:join');
      },
    },
    {
      name: 'conflict-decision',
      seenBy: 'lead',
      show: (laptop) => openConflict(laptop, 'cases:field.status'),
    },
    {
      name: 'conflict-removed',
      seenBy: 'lead',
      async show(laptop, { english }) {
        await switchOffline(english, true);
        await english.goTo(`${path}/observations`);
        await editObservation(english, heard, `${heard} Zweimal, in der Kantine.`);
        await removeObservation(laptop, `${path}/observations`);
        await allSent(laptop);
        await switchOffline(english, false);
        await allSent(english);
        await openConflict(laptop, 'cases:field.removed');
      },
    },
    {
      name: 'conflict-settled',
      seenBy: 'lead',
      async show(laptop) {
        await openConflict(laptop, 'cases:field.text');
        const place = new URL(laptop.page.url()).hash.slice(1);
        await laptop.press('conflicts:join');
        await laptop.press('conflicts:accept');
        await laptop.text('conflicts:resolved').waitFor();
        await laptop.goTo(place);
        await laptop.page.getByText(laptop.say('conflicts:settledHint')).waitFor();
      },
    },
    {
      name: 'sync-refused',
      seenBy: 'lead',
      async show(laptop, { english }) {
        await writeWithoutRight(laptop, english, path);
        await openExchange(laptop);
        await laptop.heading('sync:refusals.title').waitFor({ timeout: patienceMs });
      },
    },
    {
      name: 'english-sync-refused',
      seenBy: 'english',
      async show(laptop) {
        await openExchange(laptop);
        await laptop.heading('sync:refusals.title').waitFor({ timeout: patienceMs });
      },
    },
  ];
}

function allCases(laptop: Laptop): string {
  return laptop.say('sync:cases.all', { count: '' }).trim();
}

async function openConflict(laptop: Laptop, field: string): Promise<void> {
  await laptop.goTo('/conflicts');
  const row = laptop.page.getByRole('row', { name: new RegExp(`^${escaped(laptop.say(field))}`) });
  await row.first().click({ timeout: patienceMs });
  await laptop.page.getByRole('heading', { level: 2 }).first().waitFor();
}

async function removeObservation(laptop: Laptop, path: string): Promise<void> {
  const { page, say } = laptop;
  await laptop.goTo(path);
  await page.getByRole('button', { name: `${say('common:action.edit')}: ${heard}`, exact: true }).click();
  await laptop.press('common:action.remove', laptop.dialog('observations:editTitle'));
  await laptop.press('common:action.remove', page.getByRole('alertdialog'));
  await page.getByText(heard, { exact: true }).waitFor({ state: 'detached' });
}

/** One writes offline what the other takes the right to meanwhile: out of the team, and back in to review. */
async function writeWithoutRight(lead: Laptop, author: Laptop, path: string): Promise<void> {
  const name = 'Daniel Okafor';
  await switchOffline(author, true);
  await author.goTo(`${path}/observations`);
  await editObservation(
    author,
    'Der Bruder hat seit zehn Tagen keinen Kontakt. Ob ihn noch jemand erreicht, ist offen.',
    'Der Bruder hat ihn gestern Abend erreicht. Er klang ruhig und will ihn am Wochenende besuchen.',
  );
  await lead.goTo(path);
  const team = lead.page.getByRole('region', { name: lead.say('cases:overview.team') });
  await team.getByRole('button', { name: `${lead.say('cases:team.withdraw')}: ${name}` }).click();
  const asked = lead.page.getByRole('alertdialog', { name: lead.say('cases:team.withdrawTitle') });
  await lead.press('cases:team.withdraw', asked);
  await team.getByText(name).waitFor({ state: 'detached' });
  await lead.press('cases:team.invite', team);
  const dialog = lead.dialog('cases:team.inviteTitle');
  await lead.choose('cases:team.person', name, dialog);
  await lead.choose('cases:team.role', lead.say('common:term.caseRole.reviewer'), dialog);
  await lead.press('cases:team.invite', dialog);
  await team.getByText(name).waitFor();
  await allSent(lead);
  await switchOffline(author, false);
}
