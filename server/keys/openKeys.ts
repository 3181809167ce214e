/** The keys a service uses, where its settings say they are. */
import { ConfigError, type ServiceConfig } from '../config.ts';
import type { KeyService } from './keyService.ts';
import { localKeys } from './localKeys.ts';
import { loadServiceKeys, type ServiceKeys, serviceKeysFrom } from './serviceKeys.ts';

type Where = Pick<ServiceConfig, 'keysDir' | 'kms' | 'secrets'>;

/** The tenants' keys. The AWS client is loaded only where it is used. @throws {ConfigError} */
export async function openTenantKeys({ kms, keysDir }: Where): Promise<KeyService> {
  if (kms !== undefined) return (await import('./kmsKeys.ts')).kmsKeys(kms);
  return localKeys(folder(keysDir));
}

/** The service's own. @throws {ConfigError} when a file is damaged. */
export async function openServiceKeys({ secrets, keysDir }: Where): Promise<ServiceKeys> {
  if (secrets === undefined) return loadServiceKeys(folder(keysDir));
  return serviceKeysFrom(Buffer.from(secrets.signingSeed, 'base64'), secrets.epoch);
}

function folder(keysDir: string | undefined): string {
  if (keysDir === undefined) throw new ConfigError('keysDir is missing.');
  return keysDir;
}
