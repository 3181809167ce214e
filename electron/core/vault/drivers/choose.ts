/** Which driver opens the vault; see docs/decisions/0002-default-vault-driver.md. */
import { TmaError } from '../../../../shared/errors.ts';
import type { DriverName, VaultDriver } from '../driver.ts';
import { multipleCiphersDriver } from './multipleCiphers.ts';
import { loadSqlcipherDriver } from './sqlcipher.ts';

export interface DriverChoice {
  readonly driver: VaultDriver;
  /** `vault.driver-missing` when the one asked for is not available here and the other one is used instead. */
  readonly missing?: TmaError;
}

/**
 * The driver asked for, or the default. Both read and write the same files, so the choice may differ between
 * two starts. `load` is replaced in tests.
 */
export function chooseDriver(
  wanted: DriverName | 'auto' = 'auto',
  load: () => VaultDriver = loadSqlcipherDriver,
): DriverChoice {
  if (wanted !== 'sqlcipher') return { driver: multipleCiphersDriver };
  try {
    return { driver: load() };
  } catch (error) {
    if (error instanceof TmaError) return { driver: multipleCiphersDriver, missing: error };
    throw error;
  }
}
