/**
 * Joins two texts that were written apart from the same one: a proposal that a person reads before it holds.
 *
 * Both are told as edits of the words of the base. Edits at different places are both taken; words added at the same
 * place stand one after the other, mine first. Where both changed the same words differently there is nothing to
 * propose.
 *
 *   base    Spricht häufig über die Leitung.
 *   mine    Spricht täglich über die Leitung.
 *   theirs  Spricht häufig über die frühere Leitung.
 *   joined  Spricht täglich über die frühere Leitung.
 *
 * Source: the three-way merge of Khanna, Kunal, Pierce (2007), "A Formal Investigation of Diff3".
 */
import { diffWordsWithSpace } from 'diff';

interface Texts {
  readonly base: string;
  readonly mine: string;
  readonly theirs: string;
}

/** One edit: the characters `from … to` of the base become `text`. */
interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** The two texts in one, or `null` where they contradict each other or one already says what both say. */
export function combine({ base, mine, theirs }: Texts, language: string): string | null {
  const joined = join(base, editsOf(base, mine, language), editsOf(base, theirs, language));
  return joined === mine || joined === theirs ? null : joined;
}

function editsOf(base: string, text: string, language: string): readonly Edit[] {
  const intlSegmenter = new Intl.Segmenter(language, { granularity: 'word' });
  const edits: Edit[] = [];
  let at = 0;
  let open: Edit | null = null;
  for (const { added, removed, value } of diffWordsWithSpace(base, text, { intlSegmenter })) {
    if (!added && !removed) {
      if (open !== null) edits.push(open);
      open = null;
      at += value.length;
      continue;
    }
    const edit: Edit = open ?? { from: at, to: at, text: '' };
    open = added ? { ...edit, text: edit.text + value } : { ...edit, to: edit.to + value.length };
    if (removed) at += value.length;
  }
  return open === null ? edits : [...edits, open];
}

function join(base: string, mine: readonly Edit[], theirs: readonly Edit[]): string | null {
  const all = [...mine, ...theirs].sort((a, b) => a.from - b.from || a.to - b.to);
  let joined = '';
  let at = 0;
  let last: Edit | null = null;
  for (const edit of all) {
    if (last !== null && isSame(last, edit)) continue;
    if (edit.from < at || (last !== null && touches(last, edit))) return null;
    joined += base.slice(at, edit.from) + edit.text;
    at = edit.to;
    last = edit;
  }
  return joined + base.slice(at);
}

function isSame(a: Edit, b: Edit): boolean {
  return a.from === b.from && a.to === b.to && a.text === b.text;
}

/** Words put in right beside words that the other changed: which come first would be a guess. */
function touches(before: Edit, after: Edit): boolean {
  const bothAdd = before.from === before.to && after.from === after.to;
  return !bothAdd && after.from === before.to;
}
