import type { ConcernLevel } from '../domain/levels.ts';
import { isBelow } from '../domain/levels.ts';
import { type Answers, answerOf } from './answers.ts';
import type { Condition, Instrument, InstrumentPrompt } from './schema.ts';

/**
 * The prompts that apply to these answers, in the order of the document. An item nobody has looked at counts
 * as `unknown`. A prompt asks; it never sets a level, and no prompt depends on how many items are coded.
 */
export function evaluatePrompts(instrument: Instrument, answers: Answers): readonly InstrumentPrompt[] {
  return instrument.prompts.filter((prompt) => holds(prompt.when, answers));
}

/** Those of `prompts` that ask for a justification when this level is chosen. */
export function promptsToJustify(
  prompts: readonly InstrumentPrompt[],
  level: ConcernLevel,
): readonly InstrumentPrompt[] {
  return prompts.filter(({ justifyBelow }) => justifyBelow !== undefined && isBelow(level, justifyBelow));
}

function holds(condition: Condition, answers: Answers): boolean {
  if ('all' in condition) return condition.all.every((part) => holds(part, answers));
  if ('any' in condition) return condition.any.some((part) => holds(part, answers));
  const answer = answerOf(answers, condition.item);
  const coding = answer?.coding ?? 'unknown';
  const change = answer?.change ?? null;
  return (
    (condition.coding === undefined || condition.coding.includes(coding)) &&
    (condition.change === undefined || (change !== null && condition.change.includes(change)))
  );
}
