/** Reads an assessment record as the rating that the instrument functions work on. */

import { type ItemAnswer, itemAnswerSchema } from '../../../shared/domain/kinds/assessment.ts';
import type { Rating } from '../../../shared/instruments/answers.ts';
import type { Json } from '../../../shared/json.ts';
import type { Typed } from '../../state/record.ts';
import type { LevelStep } from '../../ui/chart/LevelChart.tsx';

type Assessment = Typed<'assessment'>;

const itemPrefix = 'item.';
const evidencePrefix = 'evidence.';

export function ratingOf(assessment: Assessment): Rating {
  const answers: Record<string, ItemAnswer> = {};
  const evidence: Record<string, readonly string[]> = {};
  for (const [field, value] of Object.entries(assessment.values as Readonly<Record<string, Json>>)) {
    if (field.startsWith(itemPrefix)) {
      const answer = itemAnswerSchema.safeParse(value);
      if (answer.success) answers[field.slice(itemPrefix.length)] = answer.data;
    } else if (field.startsWith(evidencePrefix) && Array.isArray(value)) {
      evidence[field.slice(evidencePrefix.length)] = value.filter((id) => typeof id === 'string');
    }
  }
  return { answers, evidence };
}

export const emptyAnswer: ItemAnswer = {
  coding: 'unknown',
  change: null,
  confidence: null,
  lastObserved: null,
  note: '',
};

/** The levels of the signed assessments, oldest first. */
export function levelSteps(assessments: readonly Assessment[]): readonly LevelStep[] {
  return assessments
    .flatMap(({ values: { signature, level } }) => (signature && level ? [{ at: signature.at, level }] : []))
    .toSorted((a, b) => a.at.localeCompare(b.at));
}

/** The signed assessment an assessment continues, if it is in view. */
export function previousOf(assessment: Assessment, all: readonly Assessment[]): Assessment | null {
  return all.find(({ id }) => id === assessment.values.previous) ?? null;
}
