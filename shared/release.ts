/**
 * E17: what vouches for an update beside the platform's own signature. The build machine can be taken over and the
 * place updates come from can lie; the key that signs this is kept offline, and its public half is in the program.
 *
 *   text = canonical JSON {expiresAt, files, minimum, version}
 *   sig  = Ed25519("tma/release/1" ‖ 0 ‖ text)
 */
import { z } from 'zod';
import { concat, fromBase64Url, toBase64Url, utf8 } from './bytes.ts';
import { canonical, parseCanonical } from './sync/canonical.ts';
import type { Signer, SyncCrypto } from './sync/crypto.ts';

/** Three numbers; releases have no other parts. */
const versionSchema = z.string().regex(/^\d{1,5}\.\d{1,5}\.\d{1,5}$/);

export const releaseSchema = z.strictObject({
  version: versionSchema,
  /** No program below this may go on being installed: it is raised when a version turns out to be dangerous. */
  minimum: versionSchema,
  expiresAt: z.iso.datetime(),
  /** Name of each file → SHA-256, hex. */
  files: z.record(z.string().regex(/^[\w. -]{1,120}$/), z.string().regex(/^[0-9a-f]{64}$/)),
});
export type Release = z.infer<typeof releaseSchema>;

export const signedReleaseSchema = z.strictObject({
  text: z.string().max(20_000),
  sig: z.string().length(86),
});
export type SignedRelease = z.infer<typeof signedReleaseSchema>;

export function signRelease(release: Release, signer: Signer): SignedRelease {
  const text = canonical(releaseSchema.parse(release));
  return { text, sig: toBase64Url(signer.sign(message(text))) };
}

/** The release, if that key (Ed25519, base64url) signed it; null for everything else. */
export function readRelease(
  signed: SignedRelease,
  key: string,
  crypto: Pick<SyncCrypto, 'verify'>,
): Release | null {
  const publicKey = fromBase64Url(key);
  const sig = fromBase64Url(signed.sig);
  if (publicKey === undefined || sig === undefined) return null;
  if (!crypto.verify(publicKey, message(signed.text), sig)) return null;
  try {
    return releaseSchema.parse(parseCanonical(signed.text));
  } catch {
    return null;
  }
}

/** Negative where `a` is older than `b`, 0 for the same, positive where it is newer. */
export function compareVersions(a: string, b: string): number {
  const parts = (version: string) => version.split('.').map(Number);
  const [left, right] = [parts(a), parts(b)];
  for (let part = 0; part < 3; part++) {
    const difference = (left[part] ?? 0) - (right[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

const message = (text: string): Uint8Array => concat(utf8('tma/release/1\0'), utf8(text));
