import type { ConflictView, VersionView } from '../../../shared/contract/conflictViews.ts';
import { itemAnswerSchema } from '../../../shared/domain/kinds/assessment.ts';
import type { Json } from '../../../shared/json.ts';
import { combine } from './combine.ts';
import { acceptsFreeText } from './ResultField.tsx';

/** What two versions say in one, where it can be proposed; of an item its note, with the coding shown now. */
export function proposal(
  conflict: ConflictView,
  [mine, theirs, ...others]: readonly VersionView[],
  language: string,
): Json {
  if (mine === undefined || theirs === undefined || others.length > 0) return null;
  const base = conflict.base?.value ?? null;
  const answers = [base, mine.value, theirs.value].map((value) => itemAnswerSchema.safeParse(value));
  const [before, one, other] = answers.map((answer) => (answer.success ? answer.data : null));
  if (one && other) {
    const note = combine({ base: before?.note ?? '', mine: one.note, theirs: other.note }, language);
    return note === null ? null : { ...(theirs.shown ? other : one), note };
  }
  if (typeof mine.value !== 'string' || typeof theirs.value !== 'string') return null;
  if (!acceptsFreeText(conflict)) return null;
  const text = typeof base === 'string' ? base : '';
  return combine({ base: text, mine: mine.value, theirs: theirs.value }, language);
}
