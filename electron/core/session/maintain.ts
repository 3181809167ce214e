/** What is done to the vault itself while somebody is signed in: another passphrase, another key. */
import type { ParsedInputOf } from '../../../shared/contract/procedures.ts';
import { zeroVaultKey } from '../vault/keys/slot.ts';
import { rotateKey } from '../vault/rekey.ts';
import { unlockKey } from '../vault/unlock.ts';
import { changePassphrase } from '../vault/vault.ts';
import { vaultOptions } from './enrol.ts';
import type { CoreParts } from './parts.ts';

type PassphraseChange = ParsedInputOf<'vault.changePassphrase'>;

/** @throws TmaError `vault.wrong-passphrase`, `vault.throttled`, `vault.shredded`, `vault.passphrase-*`. */
export async function renewPassphrase(parts: CoreParts, change: PassphraseChange): Promise<void> {
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
export async function provePassphrase(parts: CoreParts, passphrase: string): Promise<void> {
  const { vaultKey } = await unlockKey(vaultOptions(parts, passphrase));
  zeroVaultKey(vaultKey);
}

/** For a closed vault. @throws TmaError as `rotateKey`; the vault is then as it was. */
export function renewKey(parts: CoreParts, passphrase: string): Promise<void> {
  return rotateKey(vaultOptions(parts, passphrase));
}
