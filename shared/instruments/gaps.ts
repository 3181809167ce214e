import { answerOf, evidenceFor, isAnswered, type Rating } from './answers.ts';
import { type Instrument, type InstrumentItem, itemsOf } from './schema.ts';

/**
 * What an assessment does not (yet) know. `unanswered`: nobody looked. `unknown`: looked, not enough
 * information, which is a finding of its own and worth a question. `evidence-missing`: a coding that needs
 * a linked observation has none; such an assessment cannot be signed.
 */
export type GapReason = 'unanswered' | 'unknown' | 'evidence-missing';

export interface Gap {
  readonly itemId: string;
  readonly reason: GapReason;
  /** True when an assessment with this gap cannot be signed. */
  readonly blocksSignature: boolean;
}

/** The gaps of a rating, in the order of the instrument. */
export function gaps(instrument: Instrument, rating: Rating): readonly Gap[] {
  return itemsOf(instrument).flatMap((item) => {
    const reason = gapOf(item, rating);
    return reason === undefined
      ? []
      : [{ itemId: item.id, reason, blocksSignature: reason === 'evidence-missing' }];
  });
}

function gapOf(item: InstrumentItem, { answers, evidence }: Rating): GapReason | undefined {
  if (!isAnswered(item, answers)) return 'unanswered';
  if (item.answer === 'narrative') return undefined;
  const coding = answerOf(answers, item.id)?.coding;
  if (coding === 'unknown') return 'unknown';
  const needsEvidence = item.evidenceRequiredFor.some((indication) => indication === coding);
  return needsEvidence && evidenceFor(evidence, item.id).length === 0 ? 'evidence-missing' : undefined;
}
