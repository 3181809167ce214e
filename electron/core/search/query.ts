/**
 * What a person typed as a query of the index. Only words get in, each quoted, so nothing typed can be
 * understood as FTS5 syntax. Every word has to occur, the last one (still being typed) and all others as the
 * beginning of a word, in any of its spellings.
 */
import { foldText, wordsOf, writeOut } from './fold.ts';

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
  /**
   * Where words are only begun: an expression that finds these texts and others, but finds the newest without
   * gathering all of them, and what a text it finds has to have.
   */
  readonly wider: Wider | undefined;
}

export interface Wider {
  readonly match: string;
  isMatch(text: string): boolean;
}

type IsBeginning = (index: number) => boolean;

/** Where to look, in this order; none is there twice. */
export function stagesOf(terms: readonly SearchTerm[]): readonly Stage[] {
  const last = terms.length - 1;
  const ways: readonly IsBeginning[] = [() => false, (index) => index === last, () => true];
  const stages = ways.map((isBeginning): Stage => {
    const match = matchExpression(terms, isBeginning);
    return { index: 'search', match, wider: widerThan(match, terms, isBeginning) };
  });
  return [
    { index: 'search_titles', match: matchExpression(terms, () => true), wider: undefined },
    ...new Map(stages.map((stage) => [stage.match, stage])).values(),
  ];
}

/** One letter begins a word in every text; it is looked for as a word only. */
const shortestBeginning = 2;
/** Beginnings of this many letters are in the index themselves (migration 3). */
const indexedBeginning = 2;

/** `letters`: how many of a beginning are looked for; all where it is left out. */
function matchExpression(terms: readonly SearchTerm[], isBeginning: IsBeginning, letters?: number): string {
  const termAt = ({ forms }: SearchTerm, index: number): string => {
    // A word holds letters, digits and marks only: no quote can end the string.
    const words = forms.map((form) =>
      isBeginning(index) && form.length >= shortestBeginning
        ? `"${[...form].slice(0, letters).join('')}"*`
        : `"${form}"`,
    );
    return `(${[...new Set(words)].join(' OR ')})`;
  };
  return terms.map(termAt).join(' AND ');
}

function widerThan(match: string, terms: readonly SearchTerm[], isBeginning: IsBeginning): Wider | undefined {
  const wider = matchExpression(terms, isBeginning, indexedBeginning);
  if (wider === match) return undefined;
  const patterns = terms.map(({ forms }, index) => patternOf(forms, isBeginning(index)));
  return {
    match: wider,
    isMatch(text) {
      const folded = foldText(text);
      return patterns.every((pattern) => pattern.test(folded));
    },
  };
}

/** As the index compares words, in a text without accents and capitals. */
function patternOf(forms: readonly string[], isBeginning: boolean): RegExp {
  const letter = '[\\p{L}\\p{N}\\p{Co}]';
  const words = forms.map((form) =>
    isBeginning && form.length >= shortestBeginning ? foldText(form) : `${foldText(form)}(?!${letter})`,
  );
  // Made of letters and digits only: none means anything else in a pattern.
  return new RegExp(`(?<!${letter})(?:${words.join('|')})`, 'u');
}
