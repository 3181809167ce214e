import { z } from 'zod';
import { signedPinSetSchema } from '../shared/sync/pins.ts';
import {
  type DevicePolicy,
  defaultPolicy,
  devicePolicySchema,
  emergencyContactSchema,
  escrowKeySchema,
} from '../shared/sync/wire.ts';

/** What a tenant decides for itself; left out, the service's default holds. */
export const tenantSettingsSchema = z.strictObject({
  emergency: z.array(emergencyContactSchema).max(10).optional(),
  /** What holds on every laptop; each part left out is as in `defaultPolicy`. */
  policy: devicePolicySchema.partial().optional(),
  /** Public half of the key with which the organisation can open a vault whose passphrase was forgotten. */
  escrow: escrowKeySchema.optional(),
  /** S01: handed on to every laptop; the service can check it no better than they can, and does not. */
  pins: signedPinSetSchema.optional(),
});
export type TenantSettings = z.infer<typeof tenantSettingsSchema>;

export function policyOf({ policy }: Pick<TenantSettings, 'policy'>): DevicePolicy {
  const {
    idleLockMinutes = defaultPolicy.idleLockMinutes,
    offlineLeaseHours = defaultPolicy.offlineLeaseHours,
  } = policy ?? {};
  return { idleLockMinutes, offlineLeaseHours };
}
