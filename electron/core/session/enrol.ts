/**
 * Enrolment: a one-time code makes this laptop a device of the organisation. The order survives the power
 * being cut at any point:
 *
 *   1. ask whom the code is for             nothing is kept
 *   2. make the vault                       a vault without an owner: the phase stays `new`
 *   3. put the device's new key into it
 *   4. redeem the code for that key         an answer lost on the way is given again to the same key
 *   5. note the owner in the vault, then in the device settings: enrolled
 *
 * Trying again with the same passphrase goes on with the vault of step 2 and its key, so a code that was
 * redeemed is not lost; with another passphrase that vault is set aside and a new one made.
 */

import { signerFromSeed } from '../../../platform/crypto.ts';
import { fromBase64Url, toBase64Url } from '../../../shared/bytes.ts';
import type { ParsedInputOf } from '../../../shared/contract/procedures.ts';
import { TmaError } from '../../../shared/errors.ts';
import type { EnrolAnswer } from '../../../shared/sync/wire.ts';
import { appendAudit } from '../audit/auditLog.ts';
import { type Owner, readMeta, writeMeta } from '../storage/meta.ts';
import type { VaultTables } from '../storage/tables.ts';
import { migrations } from '../vault/migrations/index.ts';
import type { OpenVault, VaultOptions } from '../vault/types.ts';
import { createVault, openVault, vaultState } from '../vault/vault.ts';
import { type CoreParts, programName } from './parts.ts';

type Vault = OpenVault<VaultTables>;
type Enrolling = ParsedInputOf<'session.enrol'>;
type Checked = Awaited<ReturnType<CoreParts['enrolment']['check']>>;

export function isEnrolled({ profile }: Pick<CoreParts, 'profile'>): boolean {
  return vaultState(profile) === 'ready' && profile.device.get('identity') !== undefined;
}

/**
 * Enrols and answers with the open vault.
 * @throws TmaError `enrol.already`, `enrol.code-*`, `service.*`, `vault.passphrase-*`, `vault.disk-full`…
 */
export async function enrol(parts: CoreParts, input: Enrolling): Promise<Vault> {
  if (isEnrolled(parts)) throw new TmaError('enrol.already');
  const checked = await parts.enrolment.check(input.code);
  // What is left of a device whose keys were destroyed is no longer this one.
  parts.profile.device.clear('identity');
  const seed = parts.crypto.randomBytes(32);
  const vault = await continuedOrNewVault(parts, input, { checked, seed });
  try {
    const answer = await redeem(parts, input, await keptSeed(vault, seed));
    await noteOwner(parts, vault, answer);
    return vault;
  } catch (error) {
    await vault.close();
    if (isRefusal(error)) discardVault(parts);
    throw error;
  } finally {
    seed.fill(0);
  }
}

/** The service has decided: this code makes no device, so the key in the vault never will be one. */
function isRefusal(error: unknown): boolean {
  return error instanceof TmaError && error.code.startsWith('enrol.');
}

/** Without its key slots the file is noise; the next vault sets it aside. */
function discardVault({ profile }: CoreParts): void {
  profile.device.slots.destroyAll();
}

export function vaultOptions(parts: CoreParts, passphrase: string): VaultOptions {
  const { profile, clock, driver, deps } = parts;
  return { profile, passphrase, secrets: deps.secrets, migrations, clock, driver };
}

async function continuedOrNewVault(
  parts: CoreParts,
  { passphrase }: Enrolling,
  { checked, seed }: { readonly checked: Checked; readonly seed: Uint8Array },
): Promise<Vault> {
  const options = vaultOptions(parts, passphrase);
  if (vaultState(parts.profile) === 'ready') {
    try {
      return await openVault<VaultTables>(options);
    } catch (error) {
      if (!(error instanceof TmaError)) throw error;
      discardVault(parts);
    }
  }
  const { testKdf } = parts.deps.config;
  return createVault<VaultTables>({
    ...options,
    // The service names the device only later; its key identifies it as well.
    binding: {
      tenantId: checked.tenant.id,
      userId: checked.user.id,
      deviceId: toBase64Url(signerFromSeed(seed).publicKey),
    },
    contextWords: [checked.user.name, checked.tenant.name],
    ...(testKdf === undefined ? {} : { kdf: testKdf }),
  });
}

/** The key in the vault: the one of an earlier try, else the new one, durably kept before it is shown to anyone. */
async function keptSeed(vault: Vault, seed: Uint8Array): Promise<Uint8Array> {
  return vault.write(async (tx) => {
    const known = fromBase64Url((await readMeta(tx, 'deviceSeed')) ?? '');
    if (known?.length === seed.length) return known;
    await writeMeta(tx, 'deviceSeed', toBase64Url(seed));
    return seed;
  });
}

function redeem(parts: CoreParts, { code, label }: Enrolling, seed: Uint8Array): Promise<EnrolAnswer> {
  const deviceKey = toBase64Url(signerFromSeed(seed).publicKey);
  return parts.enrolment.redeem({ code, deviceKey, label, program: programName(parts) });
}

async function noteOwner(parts: CoreParts, vault: Vault, answer: EnrolAnswer): Promise<void> {
  const { tenant, user, device, serviceKey, emergency } = answer;
  const owner: Owner = {
    deviceId: device.id,
    deviceLabel: device.label,
    userId: user.id,
    userName: user.name,
    userRole: user.role,
    tenantId: tenant.id,
    tenantName: tenant.name,
    serviceKey,
  };
  await vault.write(async (tx) => {
    await writeMeta(tx, 'owner', owner);
    const auditor = { user: user.id, crypto: parts.crypto, nowMs: parts.clock.nowMs };
    await appendAudit(tx, auditor, { action: 'vault.enrolled' });
  });
  const settings = parts.profile.device;
  const { url, caPem } = parts.deps.config.service;
  settings.transaction(() => {
    settings.set('emergency', emergency);
    settings.set('identity', {
      deviceId: device.id,
      label: device.label,
      tenantId: tenant.id,
      tenantName: tenant.name,
      userId: user.id,
      userName: user.name,
      userRole: user.role,
      serviceUrl: url,
      caPem,
    });
  });
}
