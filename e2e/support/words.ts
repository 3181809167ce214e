/**
 * The words a person reads, from the product's own catalogues: tests find buttons and fields by what is written on
 * them, in the language the laptop speaks, and no test repeats a text that may be reworded.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { root } from './browser.ts';

export type SpokenLanguage = 'de' | 'en';

type Entry = string | { readonly [key: string]: Entry };
const entrySchema: z.ZodType<Entry> = z.lazy(() => z.union([z.string(), z.record(z.string(), entrySchema)]));

const catalogues = new Map<string, Entry>();

/**
 * The text under `namespace:path.to.key`, with `{{names}}` filled in.
 * @throws {Error} when there is none: the test asks for something that the product does not say.
 */
export function word(
  language: SpokenLanguage,
  key: string,
  values: Readonly<Record<string, string>> = {},
): string {
  const [namespace = '', path = ''] = key.split(':');
  const found = path
    .split('.')
    .reduce<Entry | undefined>(
      (entry, name) => (typeof entry === 'object' ? entry[name] : undefined),
      catalogue(language, namespace),
    );
  if (typeof found !== 'string') throw new Error(`The catalogue ${language} has no text ${key}.`);
  return found.replaceAll(/\{\{\s*([^},\s]+)[^}]*\}\}/g, (_all, name: string) => values[name] ?? '');
}

function catalogue(language: SpokenLanguage, namespace: string): Entry {
  const file = join(root, 'renderer', 'i18n', language, `${namespace}.json`);
  const known = catalogues.get(file) ?? entrySchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  catalogues.set(file, known);
  return known;
}
