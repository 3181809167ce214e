/**
 * One laptop user's folder, held by one program at a time:
 *
 *   device.db   plain: key slots, attempt counter, identity, language (no case data)
 *   lock.db     held locked while a program uses the folder; the system releases it when the program dies
 *   vault.db    encrypted: everything else
 *   set-aside/  vault files that did not open; never deleted by the program
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { lockFolder } from './lock.ts';
import { type DeviceSettings, openDeviceSettings } from './settings.ts';

export interface Profile {
  readonly folder: string;
  readonly vaultFile: string;
  readonly device: DeviceSettings;
  /** Releases the folder for another program. Close the vault first. */
  close(): void;
}

/**
 * Takes the folder (made if missing) and opens its device settings.
 * @throws TmaError `vault.in-use` when another program holds it for longer than `waitMs` (default 2 s: a locked
 *   case process needs a moment to die), `vault.read-only`, `vault.disk-full`, `vault.newer-schema`,
 *   `vault.damaged`.
 */
export function openProfile(folder: string, options: { readonly waitMs?: number } = {}): Profile {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const release = lockFolder(folder, options.waitMs ?? 2_000);
  try {
    const device = openDeviceSettings(join(folder, 'device.db'));
    return {
      folder,
      vaultFile: join(folder, 'vault.db'),
      device,
      close() {
        device.close();
        release();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}
