/** Working on a case: people, observations, measures, notes, and what its history says. */
import type { Desk } from '../../support/desk.ts';
import type { Story } from '../story.ts';

interface PersonEntry {
  readonly name: string;
  readonly position: string;
  /** Key of the part the person has in the case. */
  readonly role: 'of-concern' | 'target';
}

export async function addPerson(laptop: Desk, { name, position, role }: PersonEntry): Promise<void> {
  const { page, say } = laptop;
  await laptop.press('people:add');
  const dialog = laptop.dialog('people:addTitle');
  await laptop.fill('people:name', name, dialog);
  await laptop.choose('people:role', say(`common:term.personRole.${role}`), dialog);
  await laptop.fill('people:position', position, dialog);
  await save(laptop, 'people:addTitle');
  await page.getByRole('row', { name: new RegExp(name) }).waitFor();
}

export async function addObservation(laptop: Desk, entry: Story['observations'][number]): Promise<void> {
  const { page, say } = laptop;
  await laptop.press('observations:add');
  const dialog = laptop.dialog('observations:addTitle');
  const nature = entry.note === undefined ? 'fact' : 'hearsay';
  await laptop.tick(say(`common:term.nature.${nature}`), dialog);
  await laptop.fill('observations:text', entry.text, dialog);
  await laptop.fill('observations:source', entry.source, dialog);
  await laptop.choose('observations:reliability', say('common:term.reliability.medium'), dialog);
  if (entry.note === undefined) await dialog.getByRole('button', { name: say('common:field.now') }).click();
  else await laptop.fill('observations:occurredNote', entry.note, dialog);
  const leakage = { name: say('common:term.behaviour.leakage'), exact: true };
  await dialog.getByRole('row', leakage).click();
  await save(laptop, 'observations:addTitle');
  await page.getByText(entry.text).waitFor();
}

/** Opens an observation and changes its words. */
export async function editObservation(laptop: Desk, from: string, to: string): Promise<void> {
  const { page, say } = laptop;
  await page.getByRole('button', { name: `${say('common:action.edit')}: ${from}`, exact: true }).click();
  const dialog = laptop.dialog('observations:editTitle');
  await laptop.fill('observations:text', to, dialog);
  await save(laptop, 'observations:editTitle');
  await page.getByText(to).waitFor();
}

export interface MeasureEntry {
  readonly title: string;
  readonly owner: string;
  readonly due: Date;
  readonly note: string;
}

/** Found in the catalogue by typing the beginning of its name. */
export async function addMeasure(laptop: Desk, { title, owner, due, note }: MeasureEntry): Promise<void> {
  const { page } = laptop;
  await laptop.press('measures:add');
  const dialog = laptop.dialog('measures:addTitle');
  await dialog.getByRole('combobox').fill(title.slice(0, 12));
  await page.getByRole('option', { name: title }).first().click();
  await laptop.choose('measures:driver', laptop.say('common:term.behaviour.leakage'), dialog);
  await laptop.choose('measures:owner', owner, dialog);
  await laptop.fillDay('measures:due', due, dialog);
  await laptop.fill('measures:note', note, dialog);
  await save(laptop, 'measures:addTitle');
  await page.getByRole('row', { name: new RegExp(owner) }).waitFor();
}

export async function addNote(laptop: Desk, text: string): Promise<void> {
  await laptop.fill('cases:overview.addNote', text);
  await laptop.press('cases:overview.addNote');
  await laptop.page.getByRole('listitem').filter({ hasText: text }).waitFor();
}

async function save(laptop: Desk, title: string): Promise<void> {
  const dialog = laptop.dialog(title);
  await laptop.press('common:action.save', dialog);
  await dialog.waitFor({ state: 'detached' });
}
