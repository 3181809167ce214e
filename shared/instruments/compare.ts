import type { ItemAnswer } from '../domain/kinds/assessment.ts';
import { type Answers, answerOf, evidenceFor, type Rating } from './answers.ts';

const attributes = ['coding', 'change', 'confidence', 'lastObserved', 'note'] as const;
export type AnswerAttribute = (typeof attributes)[number];

/** What became of one item between two assessments. */
export interface ItemComparison {
  readonly itemId: string;
  /** `null` where that assessment says nothing about the item. */
  readonly before: ItemAnswer | null;
  readonly after: ItemAnswer | null;
  /** What differs; empty when the item was answered the same way. */
  readonly changed: readonly AnswerAttribute[];
  readonly evidenceAdded: readonly string[];
  readonly evidenceRemoved: readonly string[];
}

/**
 * Compares two ratings item by item, over every item either of them knows: the two may have been made with
 * different versions of the instrument, and an item that was dropped must not vanish from the comparison.
 */
export function compareAssessments(previous: Rating, current: Rating): readonly ItemComparison[] {
  return itemIds(previous, current).map((itemId) => {
    const before = answerOf(previous.answers, itemId) ?? null;
    const after = answerOf(current.answers, itemId) ?? null;
    const old = evidenceFor(previous.evidence, itemId);
    const now = evidenceFor(current.evidence, itemId);
    return {
      itemId,
      before,
      after,
      changed: attributes.filter((name) => (before?.[name] ?? null) !== (after?.[name] ?? null)),
      evidenceAdded: now.filter((id) => !old.includes(id)),
      evidenceRemoved: old.filter((id) => !now.includes(id)),
    };
  });
}

/** Whether anything at all differs. */
export function isUnchanged(item: ItemComparison): boolean {
  return item.changed.length + item.evidenceAdded.length + item.evidenceRemoved.length === 0;
}

/**
 * The answers a reassessment starts from: the previous ones, without their `change`. What changed since is the
 * question the new assessment asks, so it is never answered in advance.
 */
export function startFrom(previous: Answers): Answers {
  return Object.fromEntries(
    Object.entries(previous).map(([itemId, answer]) => [itemId, { ...answer, change: null }]),
  );
}

function itemIds(previous: Rating, current: Rating): readonly string[] {
  const all = [previous, current].flatMap(({ answers, evidence }) => [
    ...Object.keys(answers),
    ...Object.keys(evidence),
  ]);
  return [...new Set(all)];
}
