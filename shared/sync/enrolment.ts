/** How a laptop becomes one of the organisation, and what the organisation decides about it. */
import { z } from 'zod';
import { orgRoleSchema } from '../domain/people.ts';
import { deviceIdSchema, tenantIdSchema, userIdSchema } from '../ids.ts';
import { enrolSignInSchema, identityProviderSchema } from './identity.ts';
import { plainText, publicKeySchema } from './parts.ts';

export const enrolCheckRequestSchema = z.strictObject({ code: z.string().min(4).max(64) });
/** The organisation's escrow key; its private half is kept offline. */
export const escrowKeySchema = z.object({
  keyId: z.string().min(1).max(100),
  /** X25519 public key, 32 bytes in base64url. */
  publicKey: z.string().length(43),
});
export type EscrowKey = z.infer<typeof escrowKeySchema>;

export const enrolCheckAnswerSchema = z.object({
  tenant: z.object({ id: tenantIdSchema, name: z.string() }),
  user: z.object({ id: userIdSchema, name: z.string(), role: orgRoleSchema }),
  expiresAt: z.iso.datetime(),
  /** Every new vault is sealed to it as well, so that a forgotten passphrase can be replaced. */
  escrow: escrowKeySchema.optional(),
  /** S02: where the organisation has an identity provider, also to say whether the code alone is enough. */
  identity: identityProviderSchema.optional(),
});

export type EnrolCheckAnswer = z.output<typeof enrolCheckAnswerSchema>;

/** With a code, a sign-in, or both: `IdentityProvider.enrolBy` says what the organisation asks for. */
export const enrolRequestSchema = z.strictObject({
  code: z.string().min(4).max(64).optional(),
  signIn: enrolSignInSchema.optional(),
  deviceKey: publicKeySchema,
  label: plainText(80).min(1),
  program: plainText(40),
});
export type EnrolRequest = z.infer<typeof enrolRequestSchema>;

export const emergencyContactSchema = z.object({ label: z.string(), number: z.string() });

const policyHours = z
  .int()
  .min(1)
  .max(24 * 90);

/** What the organisation decides about its laptops. */
export const policyParts = {
  /** Minutes without a touch until the vault locks. */
  idleLockMinutes: z.int().min(1).max(60),
  /** How long a laptop may work without having reached the service; null for as long as it likes. */
  offlineLeaseHours: policyHours.nullable(),
  /** How long a laptop holds a case that is not checked out without that; null for as long as the laptop may work. */
  holdHours: policyHours.nullable(),
  /** How long it holds one that is checked out. */
  checkoutHours: policyHours,
  /** Whether the key of a vault needs the service's share as well; older services leave it out. */
  serverShare: z.boolean().exactOptional(),
};

/** What holds until the service has said otherwise. */
export const defaultPolicy = {
  idleLockMinutes: 5,
  offlineLeaseHours: 7 * 24,
  // The longest row of holidays and a day beside, so that nobody comes back to a case that was removed meanwhile.
  holdHours: 5 * 24,
  checkoutHours: 7 * 24,
} as const;

export const devicePolicySchema = z.object({
  ...policyParts,
  // An older service does not know of leases of cases.
  holdHours: policyParts.holdHours.default(null),
  checkoutHours: policyParts.checkoutHours.default(defaultPolicy.checkoutHours),
});
export type DevicePolicy = z.infer<typeof devicePolicySchema>;

export const enrolAnswerSchema = enrolCheckAnswerSchema.omit({ expiresAt: true }).extend({
  device: z.object({ id: deviceIdSchema, label: z.string() }),
  /** Verifies the heads of case logs. */
  serviceKey: publicKeySchema,
  emergency: z.array(emergencyContactSchema),
  policy: devicePolicySchema.optional(),
});
export type EnrolAnswer = z.infer<typeof enrolAnswerSchema>;
