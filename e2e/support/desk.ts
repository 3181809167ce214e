/** What a person does at a laptop, named by what is written there in the language it speaks. */
import type { Locator, Page } from 'playwright-core';
import { type SpokenLanguage, word } from './words.ts';

type Values = Readonly<Record<string, string>>;
type Place = Page | Locator;

export interface Desk {
  readonly page: Page;
  /** The text under a key of the catalogues. */
  say(key: string, values?: Values): string;
  /** A button or a link that looks like one. */
  button(key: string, within?: Place): Locator;
  press(key: string, within?: Place): Promise<void>;
  /** A field of text, found by its label. */
  field(key: string, within?: Place): Locator;
  fill(key: string, text: string, within?: Place): Promise<void>;
  /** The button that opens a list of choices. */
  list(key: string, within?: Place): Locator;
  /** Opens a list and takes the choice with that text. */
  choose(key: string, choice: string, within?: Place): Promise<void>;
  /** Types a day part by part, as it is written in the language. */
  fillDay(key: string, day: Date, within?: Place): Promise<void>;
  tab(key: string): Promise<void>;
  dialog(key: string, values?: Values): Locator;
  heading(key: string, values?: Values): Locator;
  /** Ticks the box, the radio button or the switch beside these words. */
  tick(words: string, within?: Place): Promise<void>;
  /** Where the words of a key stand. */
  text(key: string, values?: Values): Locator;
  goTo(path: string): Promise<void>;
}

export function deskAt(page: Page, language: SpokenLanguage): Desk {
  const say = (key: string, values: Values = {}) => word(language, key, values);
  /** A label may be followed by "required" or "optional". */
  const labelled = (key: string) => {
    const marks = ['common:state.required', 'common:state.optional'].map((mark) => escaped(say(mark)));
    return new RegExp(`^${escaped(say(key))}( · (${marks.join('|')}))?$`);
  };
  const desk: Desk = {
    page,
    say,
    button(key, within = page) {
      const name = say(key);
      return within
        .getByRole('button', { name, exact: true })
        .or(within.getByRole('link', { name, exact: true }))
        .first();
    },
    press: (key, within) => desk.button(key, within).click(),
    field: (key, within = page) => within.getByLabel(labelled(key)).and(within.locator('input, textarea')),
    fill: (key, text, within) => desk.field(key, within).fill(text),
    list: (key, within = page) =>
      within.locator('button[aria-haspopup="listbox"]').and(within.getByLabel(new RegExp(escaped(say(key))))),
    async choose(key, choice, within = page) {
      await desk.list(key, within).click();
      await page.getByRole('listbox').getByRole('option', { name: choice }).first().click();
    },
    async fillDay(key, day, within = page) {
      const group = within.getByRole('group', { name: labelled(key) });
      const parts: Readonly<Record<string, number>> = {
        day: day.getDate(),
        month: day.getMonth() + 1,
        year: day.getFullYear(),
      };
      for (const [type, value] of Object.entries(parts)) {
        await group.locator(`[data-type="${type}"]`).click();
        await page.keyboard.type(String(value));
      }
    },
    tab: (key) => page.getByRole('tab', { name: new RegExp(`^${escaped(say(key))}`) }).click(),
    dialog: (key, values) => page.getByRole('dialog', { name: say(key, values), exact: true }),
    heading: (key, values) => page.getByRole('heading', { name: say(key, values), exact: true }),
    tick: (words, within = page) =>
      within.locator('label:has(input)').filter({ hasText: words }).first().click(),
    text: (key, values) => page.getByText(say(key, values), { exact: true }).first(),
    async goTo(path) {
      await page.goto(new URL(`#${path}`, page.url()).href);
    },
  };
  return desk;
}

export function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
