import { z } from 'zod';
import { emergencyContactSchema } from '../shared/sync/wire.ts';

/** What a tenant decides for itself; left out, the service's default holds. */
export const tenantSettingsSchema = z.strictObject({
  emergency: z.array(emergencyContactSchema).max(10).optional(),
});
export type TenantSettings = z.infer<typeof tenantSettingsSchema>;
