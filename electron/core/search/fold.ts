/**
 * Which spellings count as the same word. The index itself ignores case and accents (unicode61,
 * remove_diacritics); German has two more: ß is written ss, and ä ö ü are written ae oe ue where a keyboard
 * lacks them. A text is indexed with the written-out forms of its words beside it, and a word searched for is
 * looked up in both forms.
 */

const writtenOut: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss' };

/** Words as the index cuts them: letters, digits and marks. */
const wordPattern = /[\p{L}\p{N}\p{M}\p{Co}]+/gu;

export function wordsOf(text: string): readonly string[] {
  return text.normalize('NFC').toLowerCase().match(wordPattern) ?? [];
}

/** The word with ä ö ü ß written out; the same word when it has none. */
export function writeOut(word: string): string {
  return word.replace(/[äöüß]/g, (letter) => writtenOut[letter] ?? letter);
}

/** Other spellings of the words of a text, to be indexed beside it: `Maßnahme` gives `massnahme`. */
export function otherForms(text: string): string {
  const forms = new Set<string>();
  for (const word of wordsOf(text)) {
    const sharp = word.replaceAll('ß', 'ss');
    const full = writeOut(word);
    if (sharp !== word) forms.add(sharp);
    if (full !== word) forms.add(full);
  }
  return [...forms].join(' ');
}

/** A text for plain comparison: lower case, without accents, ß as ss. */
export function foldText(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('ß', 'ss');
}
