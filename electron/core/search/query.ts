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

export interface Stage {
  readonly index: 'search' | 'search_titles';
  /** An FTS5 MATCH expression. */
  readonly match: string;
}

/** Where to look, in this order; none is there twice. */
export function stagesOf(terms: readonly SearchTerm[]): readonly Stage[] {
  const last = terms.length - 1;
  const ways = [
    matchExpression(terms, () => false),
    matchExpression(terms, (index) => index === last),
    matchExpression(terms, () => true),
  ];
  return [
    { index: 'search_titles', match: matchExpression(terms, () => true) },
    ...[...new Set(ways)].map((match) => ({ index: 'search' as const, match })),
  ];
}

/** One letter begins a word in every text; it is looked for as a word only. */
const shortestBeginning = 2;

function matchExpression(terms: readonly SearchTerm[], isBeginning: (index: number) => boolean): string {
  const termAt = ({ forms }: SearchTerm, index: number): string => {
    // A word holds letters, digits and marks only: no quote can end the string.
    const words = forms.map((form) =>
      isBeginning(index) && form.length >= shortestBeginning ? `"${form}"*` : `"${form}"`,
    );
    return `(${words.join(' OR ')})`;
  };
  return terms.map(termAt).join(' AND ');
}
