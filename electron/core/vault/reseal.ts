/** A new user slot for a data key that is already unlocked: after a passphrase change, a rekey, a recovery. */
import { randomBytes } from 'node:crypto';
import type { StoredSlot } from '../device/keySlots.ts';
import type { VaultKey } from './driver.ts';
import { calibrateKdf } from './keys/calibrate.ts';
import type { KdfParameters } from './keys/kdf.ts';
import { deviceSecretBytes, deviceSecretName, type SecretStore } from './keys/secretStore.ts';
import { type SlotBinding, sealUserSlot } from './keys/slot.ts';
import type { VaultClock } from './types.ts';

export interface ResealRequest {
  readonly passphrase: string;
  readonly secrets: SecretStore;
  readonly clock: VaultClock;
  /** Of the slot before, or what a new vault is bound to. */
  readonly header: {
    readonly binding: SlotBinding;
    readonly serverShare: boolean;
    readonly kdf?: KdfParameters;
  };
  readonly serverShare?: Uint8Array | undefined;
  /** Without it that of the slot before; where there is none, what {@link calibrateKdf} finds. */
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
      kdf: request.kdf ?? (await kdfLike(request.header.kdf)),
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

/** The header's, without what belongs to its slot alone. */
async function kdfLike(known: KdfParameters | undefined): Promise<KdfParameters> {
  if (known === undefined) return calibrateKdf();
  return { memoryKiB: known.memoryKiB, passes: known.passes, lanes: known.lanes };
}
