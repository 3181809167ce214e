import type { ItemAnswer } from '../domain/kinds/assessment.ts';
import type { InstrumentItem } from './schema.ts';

/** What one rater said about each item, by item id. An item that is missing has not been looked at. */
export type Answers = Readonly<Record<string, ItemAnswer>>;

/** The observations linked to each item, by item id. */
export type Evidence = Readonly<Record<string, readonly string[]>>;

/** An assessment as the functions here read it. */
export interface Rating {
  readonly answers: Answers;
  readonly evidence: Evidence;
}

/** The answer to an item; own properties only, so an item called `constructor` is not found by accident. */
export function answerOf(answers: Answers, itemId: string): ItemAnswer | undefined {
  return Object.hasOwn(answers, itemId) ? answers[itemId] : undefined;
}

export function evidenceFor(evidence: Evidence, itemId: string): readonly string[] {
  return (Object.hasOwn(evidence, itemId) ? evidence[itemId] : undefined) ?? [];
}

/** Whether an item has been worked on: a coding was chosen, or for a narrative item something was written. */
export function isAnswered(item: InstrumentItem, answers: Answers): boolean {
  const answer = answerOf(answers, item.id);
  if (answer === undefined) return false;
  return item.answer === 'coding' || answer.note.trim() !== '';
}
