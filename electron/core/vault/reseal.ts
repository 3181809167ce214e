/** A new user slot for a data key that is already unlocked: after a passphrase change, a rekey, a recovery. */
import { randomBytes } from 'node:crypto';
import type { StoredSlot } from '../device/keySlots.ts';
import type { VaultKey } from './driver.ts';
import { defaultKdf, type KdfParameters } from './keys/kdf.ts';
import { deviceSecretBytes, deviceSecretName, type SecretStore } from './keys/secretStore.ts';
import { type SlotBinding, sealUserSlot } from './keys/slot.ts';
import type { VaultClock } from './types.ts';

export interface ResealRequest {
  readonly passphrase: string;
  readonly secrets: SecretStore;
  readonly clock: VaultClock;
  /** Of the slot before, or what a new vault is bound to. */
  readonly header: { readonly binding: SlotBinding; readonly serverShare: boolean };
  readonly serverShare?: Uint8Array | undefined;
  readonly kdf?: KdfParameters | undefined;
}

export async function resealUserSlot(vaultKey: VaultKey, request: ResealRequest): Promise<StoredSlot> {
  const deviceSecret = await ensureDeviceSecret(request.secrets);
  try {
    return await sealUserSlot(vaultKey, {
      passphrase: request.passphrase,
      deviceSecret,
      serverShare: request.header.serverShare ? request.serverShare : undefined,
      binding: request.header.binding,
      kdf: request.kdf ?? defaultKdf,
      keystoreBackend: request.secrets.backend,
      createdAtMs: request.clock.nowMs(),
    });
  } finally {
    deviceSecret.fill(0);
  }
}

/** One secret per profile: a vault that was set aside stays readable to whoever recovers its key slots. */
async function ensureDeviceSecret(secrets: SecretStore): Promise<Uint8Array> {
  const present = await secrets.get(deviceSecretName);
  if (present?.length === deviceSecretBytes) return present;
  const made = randomBytes(deviceSecretBytes);
  // A copy: a store that sends it elsewhere may keep or transfer the buffer it was given.
  await secrets.set(deviceSecretName, Uint8Array.from(made));
  return made;
}
