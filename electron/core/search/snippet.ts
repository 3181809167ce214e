/**
 * The passage of a text in which a search found something, with the matching words between U+0001 and U+0002.
 * Made here and not by FTS5, because a match can lie in another spelling that is not in the text itself.
 */
import type { SearchTerm } from './query.ts';

export const matchStart = '\u0001';
export const matchEnd = '\u0002';

const lengthBefore = 40;
const lengthAll = 160;

interface Word {
  readonly start: number;
  readonly end: number;
  readonly matches: boolean;
}

export function snippetOf(text: string, terms: readonly SearchTerm[]): string {
  const clean = text
    .normalize('NFC')
    .replaceAll(matchStart, ' ')
    .replaceAll(matchEnd, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const words = wordsIn(clean, terms);
  const first = words.find(({ matches }) => matches);
  const from = passageStart(clean, first?.start ?? 0);
  const to = passageEnd(clean, from);
  let out = from > 0 ? '…' : '';
  let at = from;
  for (const { start, end, matches } of words) {
    if (!matches || start < from || end > to) continue;
    out += `${clean.slice(at, start)}${matchStart}${clean.slice(start, end)}${matchEnd}`;
    at = end;
  }
  return `${out}${clean.slice(at, to)}${to < clean.length ? '…' : ''}`;
}

/** Whether a text has a match at all. */
export function hasMatch(text: string, terms: readonly SearchTerm[]): boolean {
  return wordsIn(text.normalize('NFC'), terms).some(({ matches }) => matches);
}

function wordsIn(text: string, terms: readonly SearchTerm[]): readonly Word[] {
  const wanted = terms.flatMap(({ forms }) => forms).map(plain);
  return [...text.matchAll(/[\p{L}\p{N}\p{M}\p{Co}]+/gu)].map((match) => {
    const [word] = match;
    const spellings = [plain(word), plain(writtenOutOf(word))];
    const matches = wanted.some((form) => spellings.some((spelling) => spelling.startsWith(form)));
    return { start: match.index, end: match.index + word.length, matches };
  });
}

/** As the index compares: without accents and case. */
function plain(word: string): string {
  return word.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('ß', 'ss');
}

function writtenOutOf(word: string): string {
  const forms: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue' };
  return word.toLowerCase().replace(/[äöü]/g, (letter) => forms[letter] ?? letter);
}

function passageStart(text: string, match: number): number {
  if (match <= lengthBefore) return 0;
  const space = text.indexOf(' ', match - lengthBefore);
  return space < 0 || space >= match ? match : space + 1;
}

function passageEnd(text: string, from: number): number {
  if (text.length <= from + lengthAll) return text.length;
  const space = text.lastIndexOf(' ', from + lengthAll);
  return space <= from ? from + lengthAll : space;
}
