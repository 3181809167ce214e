import type { Break, BreakKind } from '../../shared/integrity/breaks.ts';

const words: Readonly<Record<BreakKind, string>> = {
  edited: 'is not what was written there: content, heading, or what the service noted was changed',
  omitted: 'is missing: something was taken out',
  reordered: 'stands in the wrong place: the order was changed',
  truncated: 'and what comes after it is missing: the log was cut off',
  'rolled-back': 'was here once and is no longer: the log was set back to an earlier state',
  forked: 'has two pasts: somebody was shown another log, or a laptop was copied',
  swapped: 'belongs to another log, or another service signed it',
  unsigned: 'is not covered by its device’s signature',
  signature: 'carries a signature that is not the service’s',
  unproved: 'is not what the statement of the witness says: the proof does not lead to its root',
  unwitnessed: 'is not proved to be in the newest statement of the witness',
  unreadable: 'cannot be read',
};

/** One sentence about the first break. */
export function inWords(at: Break, what: 'entry' | 'line' | 'statement' = 'entry'): string {
  const which = at.position === undefined ? `The ${what}` : `The ${what} ${at.position}`;
  const own = at.n === undefined ? '' : ` (number ${at.n} of its device)`;
  return `${which}${own} ${words[at.kind]}.`;
}
