/**
 * One-time codes to enrol a laptop: 80 random bits in Crockford's base 32, in four groups a person can read
 * out: `K7QF-9M2T-X0AB-4R6Z`. Only a hash is stored; 80 random bits need no slow one.
 * Source: https://www.crockford.com/base32.html
 */
import { createHash } from 'node:crypto';
import { utf8 } from '../../shared/bytes.ts';

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const digits = 16;
const groupLength = 4;

export function makeCode(randomBytes: (length: number) => Uint8Array): string {
  const text = [...randomBytes(digits)].map((byte) => alphabet[byte & 31]).join('');
  return (text.match(new RegExp(`.{${groupLength}}`, 'g')) ?? []).join('-');
}

/** What the service keeps of a code. Small letters, spaces, and O for 0 or I and L for 1 make no difference. */
export function codeHash(code: string): Buffer {
  const text = code.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
  return createHash('sha256').update(utf8('tma/enrolment-code/1')).update(text).digest();
}
