/** What a file is by its first bytes, whatever its name says. */
import { fileTypeFromBuffer } from 'file-type';
import { mediaTypes, textTypeOf } from '../../../shared/domain/mediaTypes.ts';
import { TmaError } from '../../../shared/errors.ts';

/** As much as a format needs to be told apart; Office documents are recognised by what lies further in. */
export const headBytes = 1024 * 1024;

/**
 * The type of a file whose first bytes (up to {@link headBytes}) these are.
 * @throws TmaError `evidence.type-refused` for what may not become evidence.
 */
export async function sniff(name: string, head: Uint8Array): Promise<string> {
  const found = (await fileTypeFromBuffer(head))?.mime;
  if (found !== undefined) return allowed(found);
  const text = textTypeOf(name);
  if (text === undefined || !isText(head)) throw new TmaError('evidence.type-refused');
  return text;
}

/** Names that differ between programs for the same thing. */
const others: Readonly<Record<string, string>> = {
  'audio/vnd.wave': 'audio/wav',
  'audio/ogg; codecs=opus': 'audio/opus',
};

function allowed(found: string): string {
  const mediaType = others[found] ?? found;
  if (!Object.hasOwn(mediaTypes, mediaType)) throw new TmaError('evidence.type-refused');
  return mediaType;
}

/** UTF-8 without control characters; the last character may be cut. */
function isText(head: Uint8Array): boolean {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return !/\p{Cc}/u.test(text.replaceAll(/[\t\n\f\r]/g, ''));
  } catch {
    return false;
  }
}
