/** An assessment's record as the instruments read it, and back. Pure. */
import { itemAnswerSchema } from '../../../shared/domain/kinds/assessment.ts';
import type { RecordId } from '../../../shared/ids.ts';
import type { Answers, Evidence, Rating } from '../../../shared/instruments/answers.ts';
import { startFrom } from '../../../shared/instruments/compare.ts';
import { type Instrument, itemsOf } from '../../../shared/instruments/schema.ts';
import type { Json } from '../../../shared/json.ts';
import type { RecordView } from '../../../shared/sync/view.ts';

type Values = RecordView['values'];

export function ratingOf(values: Values): Rating {
  const answers: Record<string, Answers[string]> = {};
  const evidence: Record<string, readonly string[]> = {};
  for (const [field, value] of Object.entries(values)) {
    const [family, itemId] = splitField(field);
    const answer = family === 'item' ? itemAnswerSchema.safeParse(value) : undefined;
    if (answer?.success) answers[itemId] = answer.data;
    if (family === 'evidence' && Array.isArray(value)) {
      evidence[itemId] = value.filter((id): id is string => typeof id === 'string');
    }
  }
  return { answers, evidence };
}

function splitField(field: string): readonly [family: string, itemId: string] {
  const dot = field.indexOf('.');
  return dot < 0 ? [field, ''] : [field.slice(0, dot), field.slice(dot + 1)];
}

/**
 * What a reassessment begins with: the previous answers to items this version still has, and the links to
 * observations that still exist.
 */
export function continuedValues(
  instrument: Instrument,
  previous: Rating,
  existing: ReadonlySet<RecordId>,
): Readonly<Record<string, Json>> {
  const known = new Set(itemsOf(instrument).map(({ id }) => id));
  const kept = ([itemId]: readonly [string, unknown]) => known.has(itemId);
  const answers = Object.entries(startFrom(previous.answers))
    .filter(kept)
    .map(([itemId, answer]) => [`item.${itemId}`, answer] as const);
  const evidence = Object.entries<Evidence[string]>(previous.evidence)
    .filter(kept)
    .map(([itemId, ids]) => [itemId, ids.filter((id) => existing.has(id as RecordId))] as const)
    .filter(([, ids]) => ids.length > 0)
    .map(([itemId, ids]) => [`evidence.${itemId}`, { add: ids, remove: [] }] as const);
  return Object.fromEntries([...answers, ...evidence]);
}
