/** What is done to the vault itself while somebody is signed in: another passphrase, another key. */

import { fromBase64Url } from '../../../shared/bytes.ts';
import type { ParsedInputOf } from '../../../shared/contract/procedures.ts';
import { TmaError } from '../../../shared/errors.ts';
import { zeroVaultKey } from '../vault/keys/slot.ts';
import { rotateKey } from '../vault/rekey.ts';
import { unlockKey } from '../vault/unlock.ts';
import { changePassphrase, recoverWithEscrow } from '../vault/vault.ts';
import { vaultOptions } from './enrol.ts';
import type { VaultParts } from './parts.ts';

type Recovery = ParsedInputOf<'vault.recover'>;
type PassphraseChange = ParsedInputOf<'vault.changePassphrase'>;

/** @throws TmaError `vault.wrong-passphrase`, `vault.throttled`, `vault.shredded`, `vault.passphrase-*`. */
export async function renewPassphrase(parts: VaultParts, change: PassphraseChange): Promise<void> {
  const identity = parts.profile.device.get('identity');
  await changePassphrase({
    ...vaultOptions(parts, change.passphrase),
    newPassphrase: change.newPassphrase,
    contextWords: [identity?.userName ?? '', identity?.tenantName ?? ''].filter((word) => word !== ''),
  });
}

/**
 * Asked before the vault is closed for some work: with a wrong passphrase it stays open.
 * @throws TmaError `vault.wrong-passphrase`, `vault.throttled`, `vault.shredded`.
 */
export async function provePassphrase(parts: VaultParts, passphrase: string): Promise<void> {
  const { vaultKey } = await unlockKey(vaultOptions(parts, passphrase));
  zeroVaultKey(vaultKey);
}

/**
 * For a closed vault whose passphrase was forgotten.
 * @throws TmaError `vault.missing` without an escrow slot, `vault.escrow-key-wrong`, `vault.passphrase-*`.
 */
export async function recover(parts: VaultParts, { escrowKey, newPassphrase }: Recovery): Promise<void> {
  const key = fromBase64Url(escrowKey.replace(/\s/g, ''));
  if (key?.length !== 32) throw new TmaError('vault.escrow-key-wrong');
  const { passphrase: _none, ...options } = vaultOptions(parts, '');
  const { testKdf } = parts.deps.config;
  try {
    await recoverWithEscrow({
      ...options,
      newPassphrase,
      escrowPrivateKey: key,
      ...(testKdf === undefined ? {} : { kdf: testKdf }),
    });
  } catch (error) {
    const isWrong = error instanceof TmaError && error.code === 'vault.wrong-passphrase';
    throw isWrong ? new TmaError('vault.escrow-key-wrong', undefined, error) : error;
  } finally {
    key.fill(0);
  }
}

/** For a closed vault. @throws TmaError as `rotateKey`; the vault is then as it was. */
export function renewKey(parts: VaultParts, passphrase: string): Promise<void> {
  return rotateKey(vaultOptions(parts, passphrase));
}
