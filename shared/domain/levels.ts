import { z } from 'zod';

/** The concern level: always a person's reasoned judgement, never computed. Ascending. */
export const concernLevels = ['insufficient', 'low', 'moderate', 'elevated', 'high'] as const;
export const concernLevelSchema = z.enum(concernLevels);
export type ConcernLevel = z.infer<typeof concernLevelSchema>;

/**
 * The order in which a contested level is shown: the more protective first. "Insufficient information"
 * is more protective than "low", because it asks for work where "low" allows rest.
 */
export const levelsSafestFirst: readonly ConcernLevel[] = [
  'high',
  'elevated',
  'moderate',
  'insufficient',
  'low',
];

/** Days until an assessment with this level has to be renewed. */
export const reassessAfterDays: Readonly<Record<ConcernLevel, number>> = {
  insufficient: 7,
  low: 90,
  moderate: 30,
  elevated: 7,
  high: 1,
};

/** True when `a` asks for less protection than `b`; prompts use it to ask for a justification. */
export function isBelow(a: ConcernLevel, b: ConcernLevel): boolean {
  return levelsSafestFirst.indexOf(a) > levelsSafestFirst.indexOf(b);
}
