import { type Coding, codings } from '../domain/kinds/assessment.ts';
import { type Answers, answerOf } from './answers.ts';
import { type Instrument, itemsOf } from './schema.ts';

export interface Agreement {
  /** Coded items that both raters answered. */
  readonly itemsCompared: number;
  readonly itemsEqual: number;
  /** `itemsEqual / itemsCompared`, or `null` when there is nothing to compare. */
  readonly share: number | null;
  /**
   * Cohen's kappa: agreement beyond what the two raters' habits would give by chance; 1 is perfect, 0 is
   * chance. `null` where it is not defined: nothing to compare, or both used one and the same coding
   * throughout, so that chance alone would agree completely.
   */
  readonly kappa: number | null;
  /** Items on which they differ, in the order of the instrument: what to talk about. */
  readonly differing: readonly string[];
}

/**
 * Agreement of two raters over the items both coded, with unweighted kappa: `unknown` is no step on the way
 * to `present`, so the codings are treated as nominal. With eight items kappa is a hint, not a statistic.
 *
 * Source: Cohen J. (1960), "A coefficient of agreement for nominal scales", Educational and Psychological
 * Measurement 20(1), 37–46.
 */
export function agreement(instrument: Instrument, first: Answers, second: Answers): Agreement {
  const pairs = itemsOf(instrument).flatMap((item) => {
    const a = answerOf(first, item.id);
    const b = answerOf(second, item.id);
    if (item.answer === 'narrative' || a === undefined || b === undefined) return [];
    return [{ itemId: item.id, a: a.coding, b: b.coding }];
  });
  const differing = pairs.filter(({ a, b }) => a !== b).map(({ itemId }) => itemId);
  const itemsCompared = pairs.length;
  const itemsEqual = itemsCompared - differing.length;
  if (itemsCompared === 0) return { itemsCompared, itemsEqual, share: null, kappa: null, differing };

  const share = itemsEqual / itemsCompared;
  const byChance = expectedByChance(pairs);
  const kappa = byChance === 1 ? null : (share - byChance) / (1 - byChance);
  return { itemsCompared, itemsEqual, share, kappa, differing };
}

function expectedByChance(pairs: readonly { readonly a: Coding; readonly b: Coding }[]): number {
  return codings.reduce((sum, coding) => {
    const byFirst = pairs.filter(({ a }) => a === coding).length / pairs.length;
    const bySecond = pairs.filter(({ b }) => b === coding).length / pairs.length;
    return sum + byFirst * bySecond;
  }, 0);
}
