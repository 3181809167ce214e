/**
 * What a person typed as a query of the index. Only words get in, each quoted, so nothing typed can be
 * understood as FTS5 syntax. Every word has to occur, the last one (still being typed) and all others as the
 * beginning of a word, in any of its spellings.
 */
import { wordsOf, writeOut } from './fold.ts';

/** More words than anybody types; bounds the work of a pasted page. */
const maxWords = 12;

export interface SearchTerm {
  /** Lower case, as typed. */
  readonly word: string;
  /** All spellings to look for, the one typed first. */
  readonly forms: readonly string[];
}

export function searchTerms(text: string): readonly SearchTerm[] {
  return wordsOf(text)
    .slice(0, maxWords)
    .map((word) => ({ word, forms: [...new Set([word, word.replaceAll('ß', 'ss'), writeOut(word)])] }));
}

/** An FTS5 MATCH expression, or `undefined` when nothing to look for is left. */
export function matchExpression(terms: readonly SearchTerm[]): string | undefined {
  if (terms.length === 0) return undefined;
  // A word holds letters, digits and marks only: no quote can end the string.
  return terms.map(({ forms }) => `(${forms.map((form) => `"${form}"*`).join(' OR ')})`).join(' AND ');
}
