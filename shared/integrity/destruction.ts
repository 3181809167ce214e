/**
 * What is left of a case whose content was destroyed: a certificate without a word of it, signed by the service. It
 * names the head of the log, so that whoever holds the log can see that it is whole, and nothing else.
 *
 *   text = canonical JSON of {@link destructionSchema}        sig = Ed25519("tma/destruction/1" ‖ text)
 */
import { z } from 'zod';
import { concat, fromBase64Url, toBase64Url, utf8 } from '../bytes.ts';
import { caseIdSchema, tenantIdSchema, userIdSchema } from '../ids.ts';
import { canonical, parseCanonical } from '../sync/canonical.ts';
import type { Signer, SyncCrypto } from '../sync/crypto.ts';

/** Why the content of a case may be destroyed. */
export const destructionReasons = ['retention-over', 'erasure-request', 'order', 'opened-in-error'] as const;
export const destructionReasonSchema = z.enum(destructionReasons);
export type DestructionReason = z.infer<typeof destructionReasonSchema>;

export const destructionSchema = z.strictObject({
  version: z.literal(1),
  tenant: tenantIdSchema,
  tenantName: z.string(),
  case: caseIdSchema,
  /** `2026-0147`. */
  number: z.string(),
  reason: destructionReasonSchema,
  /** File reference of the decision. */
  reference: z.string().max(80),
  by: userIdSchema,
  destroyedAt: z.iso.datetime(),
  /** Until when a backup may still hold the key, and with it the content. */
  backupsUntil: z.iso.datetime(),
  /** The log that is left: hashes and headings. */
  entries: z.int().nonnegative(),
  running: z.string().length(43),
});
export type Destruction = z.infer<typeof destructionSchema>;

export const certificateSchema = z.strictObject({
  text: z.string().max(4_000),
  sig: z.string().length(86),
});
export type Certificate = z.infer<typeof certificateSchema>;

export function signDestruction(destruction: Destruction, signer: Signer): Certificate {
  const text = canonical(destructionSchema.parse(destruction));
  return { text, sig: toBase64Url(signer.sign(message(text))) };
}

/** What was destroyed, if the service signed it; `undefined` for everything else. */
export function readCertificate(
  certificate: Certificate,
  serviceKey: Uint8Array,
  crypto: Pick<SyncCrypto, 'verify'>,
): Destruction | undefined {
  const sig = fromBase64Url(certificate.sig);
  if (sig === undefined || !crypto.verify(serviceKey, message(certificate.text), sig)) return undefined;
  try {
    return destructionSchema.parse(parseCanonical(certificate.text));
  } catch {
    return undefined;
  }
}

const message = (text: string): Uint8Array => concat(utf8('tma/destruction/1'), utf8(text));
