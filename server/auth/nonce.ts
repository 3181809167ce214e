/**
 * Nonces for the proofs of requests: the service's time and an HMAC over it, so that any task can check what
 * another gave out and nothing has to be stored.
 *
 *   nonce = base64url(time(8) ‖ HMAC-SHA-256(key, "tma/nonce/1" ‖ time)[0…15])
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { concat, fromBase64Url, toBase64Url, u64, utf8 } from '../../shared/bytes.ts';

export const nonceLifeMs = 5 * 60_000;
/** How far the clocks of two tasks may be apart. */
const taskSkewMs = 30_000;
const timeBytes = 8;
const macBytes = 16;

export function makeNonce(key: Uint8Array, nowMs: number): string {
  const time = u64(nowMs);
  return toBase64Url(concat(time, mac(key, time)));
}

/** Until when the nonce is good, or `undefined` when it is stale or not ours. */
export function nonceEnd(nonce: string, key: Uint8Array, nowMs: number): number | undefined {
  const bytes = fromBase64Url(nonce);
  if (bytes?.length !== timeBytes + macBytes) return undefined;
  const time = bytes.subarray(0, timeBytes);
  if (!timingSafeEqual(bytes.subarray(timeBytes), mac(key, time))) return undefined;
  const madeMs = Number(Buffer.from(time).readBigUInt64BE());
  const isFresh = madeMs <= nowMs + taskSkewMs && nowMs < madeMs + nonceLifeMs;
  return isFresh ? madeMs + nonceLifeMs : undefined;
}

function mac(key: Uint8Array, time: Uint8Array): Uint8Array {
  return createHmac('sha256', key).update(utf8('tma/nonce/1')).update(time).digest().subarray(0, macBytes);
}
