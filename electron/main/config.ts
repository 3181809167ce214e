/** What an installation is told from outside: where the service is, and where updates come from. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { tenantIdSchema } from '../../shared/ids.ts';
import { pinningSchema } from '../../shared/sync/pins.ts';

const httpsUrl = z.url({ protocol: /^https$/ });

const workstationConfigSchema = z.strictObject({
  service: z.strictObject({
    url: httpsUrl,
    /** The only authority the service's certificate may come from. */
    caPem: z.string().min(1),
    /** S01: the public keys that its certificates may have. */
    pinning: pinningSchema.optional(),
    /** S02: whose laptop it is going to be; it then offers to sign in with the organisation. */
    organisation: tenantIdSchema.optional(),
  }),
  /** Left out: this installation is updated by other means. */
  updates: z.strictObject({ url: httpsUrl, channel: z.string().regex(/^[a-z]{1,20}$/) }).optional(),
  /** Hosts whose https pages may be opened in the system's browser, after asking (E05). */
  externalHosts: z.array(z.string()).default([]),
  /** E13: what the screen shows while the person works elsewhere. */
  screen: z.strictObject({ blankOnBlur: z.boolean() }).default({ blankOnBlur: false }),
});
export type WorkstationConfig = z.infer<typeof workstationConfigSchema>;

export interface ConfigPlace {
  readonly packaged: boolean;
  readonly resourcesPath: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export const configFileName = 'workstation.json';

/** Beside the packaged program, where only an administrator writes; a developer names the file by `TMA_CONFIG`. */
export function configPath(place: ConfigPlace): string {
  const named = place.packaged ? undefined : place.env.TMA_CONFIG;
  return named ?? join(place.resourcesPath, configFileName);
}

/** Throws whatever reading or checking it fails with; the caller says so and ends. */
export function readConfig(path: string, { packaged }: Pick<ConfigPlace, 'packaged'>): WorkstationConfig {
  const config = workstationConfigSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  // S01: what is installed on a laptop is pinned; only a developer's authority, made on the spot, is not.
  if (packaged && config.service.pinning === undefined) throw new Error('service.pinning is missing');
  return config;
}
