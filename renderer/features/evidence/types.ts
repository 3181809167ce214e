import { shownAs } from '../../../shared/domain/mediaTypes.ts';
import type { Typed } from '../../state/record.ts';

export type EvidenceRecord = Typed<'evidence'>;

/** Where the file of a piece of evidence is. */
export type Place = 'both' | 'here' | 'service';

/** What a person calls the type of a file. */
export function typeWord(mediaType: string | null | undefined) {
  if (mediaType == null) return 'other';
  if (mediaType === 'application/pdf') return 'pdf';
  if (mediaType.startsWith('image/')) return 'picture';
  if (mediaType.startsWith('audio/')) return 'sound';
  if (mediaType.startsWith('video/')) return 'video';
  if (mediaType === 'message/rfc822') return 'mail';
  return shownAs(mediaType) === 'text' ? 'text' : 'document';
}
