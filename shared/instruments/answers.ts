import type { Coding, Confidence, InstrumentItem, ItemChange } from './schema.ts';

/** What one rater said about one item. Dates are ISO 8601 calendar days or instants, as the record holds them. */
export interface Answer {
  readonly coding: Coding;
  readonly change: ItemChange | null;
  readonly confidence: Confidence | null;
  readonly lastObserved: string | null;
  readonly note: string;
  /** Ids of the observations that support the coding. */
  readonly evidence: readonly string[];
}

/** Answers by item id. An item that is missing has not been looked at. */
export type Answers = Readonly<Record<string, Answer>>;

/** Whether an item has been worked on: a coding was chosen, or for a narrative item something was written. */
export function isAnswered(item: InstrumentItem, answers: Answers): boolean {
  const answer = answers[item.id];
  if (answer === undefined) return false;
  return item.answer === 'coding' || answer.note.trim() !== '';
}
