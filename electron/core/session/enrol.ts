/**
 * Enrolment: a one-time code, a sign-in with the organisation (S02) or both make this laptop one of its devices. The
 * order survives the power being cut at any point:
 *
 *   1. ask whom the code or sign-in is for  nothing is kept
 *   2. make the vault                       a vault without an owner: the phase stays `new`
 *   3. put the device's new key into it
 *   4. note that this code is being redeemed, then redeem it for that key
 *   5. note the owner in the vault, then in the device settings: enrolled
 *
 * A code whose answer was lost after step 4 is used up, but only for the key in that vault: the service gives
 * the same answer to it again. So trying again with the same passphrase goes on with that vault, and with
 * another one says that it is the wrong one. As long as the code is unused, another passphrase makes a new vault. A
 * sign-in makes as many tries as it takes: it is for the person, and the key in the vault makes it one device.
 */
import { signerFromSeed } from '../../../platform/crypto.ts';
import { fromBase64Url, toBase64Url, utf8 } from '../../../shared/bytes.ts';
import type { ParsedInputOf } from '../../../shared/contract/procedures.ts';
import { TmaError } from '../../../shared/errors.ts';
import { defaultPolicy, type EnrolAnswer } from '../../../shared/sync/enrolment.ts';
import type { EnrolSignIn } from '../../../shared/sync/identity.ts';
import { appendAudit } from '../audit/auditLog.ts';
import { mergeSearch } from '../search/tidy.ts';
import { type Owner, readMeta, writeMeta } from '../storage/meta.ts';
import type { VaultTables } from '../storage/tables.ts';
import type { EscrowRecipient } from '../vault/keys/escrow.ts';
import { migrations } from '../vault/migrations/index.ts';
import type { OpenVault, VaultOptions } from '../vault/types.ts';
import { createVault, openVault, vaultState } from '../vault/vault.ts';
import { noteProvider } from './identity.ts';
import { renewLease } from './lease.ts';
import { type CoreParts, programName, type VaultParts } from './parts.ts';
import type { PendingSignIn } from './signIn.ts';

type Vault = OpenVault<VaultTables>;
type Enrolling = ParsedInputOf<'session.enrol'>;
type Checked = Awaited<ReturnType<CoreParts['enrolment']['check']>>;

export function isEnrolled({ profile }: Pick<CoreParts, 'profile'>): boolean {
  return vaultState(profile) === 'ready' && profile.device.get('identity') !== undefined;
}

/**
 * Whom a code is for. A code that this laptop used up itself, without having got the answer, is still its own.
 * @throws TmaError `enrol.code-*`, `service.*`.
 */
export async function checkCode(parts: CoreParts, code: string): Promise<Checked> {
  return (await check(parts, code)).checked;
}

interface CodeState {
  readonly checked: Checked;
  /** Used up by the key in the vault that is here. */
  readonly isUsedHere: boolean;
}

async function check(parts: CoreParts, code: string): Promise<CodeState> {
  try {
    return { checked: await parts.enrolment.check(code), isUsedHere: false };
  } catch (error) {
    const begun = parts.profile.device.get('enrolling');
    const isUsed = error instanceof TmaError && error.code === 'enrol.code-used';
    if (!isUsed || begun?.codeHash !== hashOf(parts, code)) throw error;
    return { checked: begun.checked, isUsedHere: true };
  }
}

/** The code's, or that of the sign-in that stands in for it. */
async function checkEither(
  parts: CoreParts,
  { code }: Enrolling,
  signedIn: PendingSignIn | undefined,
): Promise<CodeState> {
  if (code !== undefined) return check(parts, code);
  if (signedIn === undefined) throw new TmaError('auth.sign-in-required');
  return { checked: signedIn.checked, isUsedHere: false };
}

/**
 * Enrols and answers with the open vault.
 * @throws TmaError `enrol.already`, `enrol.code-*`, `auth.*`, `service.*`, `vault.passphrase-*`, `vault.disk-full`;
 *   `vault.wrong-passphrase` when an enrolment that was begun with this code has to be finished.
 */
export async function enrol(parts: VaultParts, input: Enrolling, signedIn?: PendingSignIn): Promise<Vault> {
  if (isEnrolled(parts)) throw new TmaError('enrol.already');
  const state = await checkEither(parts, input, signedIn);
  // What is left of a device whose keys were destroyed is no longer this one.
  parts.profile.device.clear('identity');
  const seed = parts.crypto.randomBytes(32);
  const vault = await continuedOrNewVault(parts, input, { ...state, seed });
  try {
    const kept = await keptSeed(vault, seed);
    if (input.code !== undefined) {
      const codeHash = hashOf(parts, input.code);
      parts.profile.device.set('enrolling', { codeHash, checked: state.checked });
    }
    const answer = await redeem(parts, { ...input, signIn: signedIn?.shown }, kept);
    await noteOwner(parts, vault, { answer, ...(signedIn && { signedIn }) });
    return vault;
  } catch (error) {
    await vault.close();
    if (isRefusal(error)) discardVault(parts);
    throw error;
  } finally {
    seed.fill(0);
  }
}

/** However it was typed: case, spaces and hyphens do not matter. */
function hashOf({ crypto }: CoreParts, code: string): string {
  const plain = code.toUpperCase().replace(/[^A-Z0-9]/g, '');
  return toBase64Url(crypto.sha256(utf8('tma/enrolling/1'), utf8(plain)));
}

/** The service has decided: this key and this code make no device. */
function isRefusal(error: unknown): boolean {
  return error instanceof TmaError && error.code.startsWith('enrol.');
}

/** Without its key slots the file is noise; the next vault sets it aside. */
function discardVault({ profile }: CoreParts): void {
  profile.device.transaction(() => {
    profile.device.slots.destroyAll();
    profile.device.clear('enrolling');
  });
}

export function vaultOptions(parts: VaultParts, passphrase: string): VaultOptions {
  const { profile, clock, driver, deps, share } = parts;
  return { profile, passphrase, secrets: deps.secrets, migrations, clock, driver, share, tidy: mergeSearch };
}

async function continuedOrNewVault(
  parts: VaultParts,
  { passphrase }: Enrolling,
  { checked, isUsedHere, seed }: CodeState & { readonly seed: Uint8Array },
): Promise<Vault> {
  const options = vaultOptions(parts, passphrase);
  if (vaultState(parts.profile) === 'ready') {
    try {
      return await openVault<VaultTables>(options);
    } catch (error) {
      // The key the code was redeemed for is in there and nowhere else.
      if (isUsedHere || !(error instanceof TmaError)) throw error;
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
    ...escrowOf(checked),
    ...(testKdf === undefined ? {} : { kdf: testKdf }),
  });
}

function escrowOf({ escrow }: Checked): { readonly escrow?: EscrowRecipient } {
  const publicKey = fromBase64Url(escrow?.publicKey ?? '');
  // A vault the organisation counts on being able to open must not be made without its key.
  if (escrow !== undefined && publicKey?.length !== 32) throw new TmaError('service.answer-invalid');
  return escrow === undefined || publicKey === undefined
    ? {}
    : { escrow: { keyId: escrow.keyId, publicKey } };
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

function redeem(
  parts: CoreParts,
  { code, signIn, label }: Enrolling & { readonly signIn: EnrolSignIn | undefined },
  seed: Uint8Array,
): Promise<EnrolAnswer> {
  const deviceKey = toBase64Url(signerFromSeed(seed).publicKey);
  return parts.enrolment.redeem({ code, signIn, deviceKey, label, program: programName(parts) });
}

interface Enrolled {
  readonly answer: EnrolAnswer;
  readonly signedIn?: PendingSignIn;
}

async function noteOwner(parts: CoreParts, vault: Vault, { answer, signedIn }: Enrolled): Promise<void> {
  const { tenant, user, device, serviceKey, emergency, policy } = answer;
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
    if (signedIn !== undefined) {
      const { issuer, clientId } = signedIn.identity;
      const { refreshToken = null } = signedIn.tokens;
      await writeMeta(tx, 'signIn', { issuer, clientId, refreshToken });
    }
  });
  const settings = parts.profile.device;
  const { url, caPem } = parts.deps.config.service;
  settings.transaction(() => {
    settings.clear('enrolling');
    settings.set('emergency', emergency);
    settings.set('policy', policy ?? defaultPolicy);
    settings.clear('unsent');
    noteProvider(settings, answer.identity);
    if (signedIn === undefined) settings.clear('signedInAtMs');
    else settings.set('signedInAtMs', parts.clock.nowMs());
    renewLease(settings, parts.clock.nowMs());
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
