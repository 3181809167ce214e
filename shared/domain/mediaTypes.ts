/**
 * Files that may become evidence, by what their bytes say they are. Nothing that runs, and nothing that hides other
 * files: programs, scripts, web pages, macros and archives stay outside.
 */
interface MediaType {
  /** The usual one first. */
  readonly extensions: readonly [string, ...string[]];
  /** Whether a screen can show it without another program. */
  readonly shownAs: 'image' | 'text' | null;
}

const type = (extensions: MediaType['extensions'], shownAs: MediaType['shownAs'] = null): MediaType => ({
  extensions,
  shownAs,
});
const office = 'application/vnd.openxmlformats-officedocument';

export const mediaTypes: Readonly<Record<string, MediaType>> = {
  'application/pdf': type(['pdf']),
  'image/png': type(['png'], 'image'),
  'image/jpeg': type(['jpg', 'jpeg'], 'image'),
  'image/gif': type(['gif'], 'image'),
  'image/webp': type(['webp'], 'image'),
  'image/heic': type(['heic']),
  'image/tiff': type(['tif', 'tiff']),
  'image/bmp': type(['bmp']),
  'audio/mpeg': type(['mp3']),
  'audio/x-m4a': type(['m4a']),
  'audio/wav': type(['wav']),
  'audio/ogg': type(['ogg', 'oga']),
  'audio/opus': type(['opus', 'ogg']),
  'audio/amr': type(['amr']),
  'video/mp4': type(['mp4']),
  'video/quicktime': type(['mov']),
  'video/webm': type(['webm']),
  'video/3gpp': type(['3gp']),
  [`${office}.wordprocessingml.document`]: type(['docx']),
  [`${office}.spreadsheetml.sheet`]: type(['xlsx']),
  [`${office}.presentationml.presentation`]: type(['pptx']),
  'application/vnd.oasis.opendocument.text': type(['odt']),
  'application/vnd.oasis.opendocument.spreadsheet': type(['ods']),
  'application/rtf': type(['rtf']),
  /** The older Office formats and saved Outlook messages. */
  'application/x-cfb': type(['msg', 'doc', 'xls', 'ppt']),
  'text/plain': type(['txt', 'md', 'log'], 'text'),
  'text/csv': type(['csv'], 'text'),
  'message/rfc822': type(['eml'], 'text'),
  'text/calendar': type(['ics'], 'text'),
  'text/vcard': type(['vcf'], 'text'),
};

/** What a screen can show of a file of this type; null when another program is needed. */
export function shownAs(mediaType: string | null | undefined): MediaType['shownAs'] {
  return (
    (mediaType != null && Object.hasOwn(mediaTypes, mediaType) && mediaTypes[mediaType]?.shownAs) || null
  );
}

/** The type of a text by the end of its name; texts have no other mark. */
export function textTypeOf(name: string): string | undefined {
  const end = extensionOf(name);
  return Object.keys(mediaTypes).find(
    (key) => mediaTypes[key]?.shownAs === 'text' && mediaTypes[key].extensions.includes(end),
  );
}

// Controls, what turns the direction of writing round, and what separates folders or means something to a shell.
const unfit = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}/\\:*?"<>|]/gu;
const longestName = 150;

/** A file's name as it is kept: no folder, nothing that hides what it is, and an end that fits the type. */
export function evidenceName(given: string, mediaType: string): string {
  const fitting: readonly string[] = mediaTypes[mediaType]?.extensions ?? [];
  const plain = given
    .replaceAll(unfit, ' ')
    .replaceAll(/\s+/g, ' ')
    .replace(/^[. ]+/, '')
    .trim();
  const end = extensionOf(plain);
  const stem = (fitting.includes(end) ? plain.slice(0, -end.length - 1) : plain).slice(0, longestName).trim();
  return `${stem === '' ? 'file' : stem}.${fitting.includes(end) ? end : (fitting[0] ?? 'bin')}`;
}

function extensionOf(name: string): string {
  return (/\.([A-Za-z0-9]{1,8})$/.exec(name)?.[1] ?? '').toLowerCase();
}
