import { z } from 'zod';
import {
  type DevicePolicy,
  defaultPolicy,
  emergencyContactSchema,
  escrowKeySchema,
  policyParts,
} from '../shared/sync/enrolment.ts';
import { type IdentityProvider, identityProviderSchema } from '../shared/sync/identity.ts';
import { signedPinSetSchema } from '../shared/sync/pins.ts';

/** S02: the organisation's identity provider, as the service is told of it. */
export const tenantIdentitySchema = identityProviderSchema
  .extend({
    /** The claim, in ID and access tokens alike, whose value is a person's login. */
    userClaim: z.string().min(1).max(100).default('sub'),
  })
  .refine(({ audience, clientId }) => audience !== clientId, {
    error: 'audience: must not be the client itself, or an ID token would pass for an access token',
  });
export type TenantIdentity = z.infer<typeof tenantIdentitySchema>;

/** What a tenant decides for itself; left out, the service's default holds. */
export const tenantSettingsSchema = z.strictObject({
  emergency: z.array(emergencyContactSchema).max(10).optional(),
  /** What holds on every laptop; each part left out is as in `defaultPolicy`. */
  policy: z.object(policyParts).partial().optional(),
  /** Public half of the key with which the organisation can open a vault whose passphrase was forgotten. */
  escrow: escrowKeySchema.optional(),
  /** S01: handed on to every laptop; the service can check it no better than they can, and does not. */
  pins: signedPinSetSchema.optional(),
  identity: tenantIdentitySchema.optional(),
});
export type TenantSettings = z.infer<typeof tenantSettingsSchema>;

export function policyOf({ policy }: Pick<TenantSettings, 'policy'>): DevicePolicy {
  const {
    idleLockMinutes = defaultPolicy.idleLockMinutes,
    offlineLeaseHours = defaultPolicy.offlineLeaseHours,
    holdHours = defaultPolicy.holdHours,
    checkoutHours = defaultPolicy.checkoutHours,
    serverShare = false,
  } = policy ?? {};
  const hours = { offlineLeaseHours, holdHours, checkoutHours };
  return { idleLockMinutes, ...hours, ...(serverShare && { serverShare }) };
}

/** What laptops are told of the provider. */
export function providerOf({ identity }: Pick<TenantSettings, 'identity'>): {
  readonly identity?: IdentityProvider;
} {
  return identity === undefined ? {} : { identity: identityProviderSchema.parse(identity) };
}
