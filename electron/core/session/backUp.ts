/** A backup of this laptop's vault into a file, and a vault out of such a file. */
import { fromBase64Url } from '../../../shared/bytes.ts';
import type { OutputOf, ParsedInputOf } from '../../../shared/contract/procedures.ts';
import { TmaError } from '../../../shared/errors.ts';
import { openPlace } from '../files/place.ts';
import type { IncomingFile } from '../files/transfers.ts';
import type { FilePlace } from '../process/control.ts';
import { type Owner, readMeta } from '../storage/meta.ts';
import type { VaultTables } from '../storage/tables.ts';
import { writeBackup } from '../vault/backup/backup.ts';
import { type Restored, restoreBackup } from '../vault/backup/restore.ts';
import type { OpenVault } from '../vault/types.ts';
import { openVault, vaultState } from '../vault/vault.ts';
import { isEnrolled, vaultOptions } from './enrol.ts';
import { renewLease } from './lease.ts';
import type { CoreParts, VaultParts } from './parts.ts';

type Opener = ParsedInputOf<'vault.restore'>['opener'];
export type Saved = NonNullable<OutputOf<'vault.backUp'>['saved']>;

/** Progress is told this often at most. */
const tellEveryMs = 200;

/** `tma-backup-2026-11-28.tma`: when it was made, and nothing of whom it is. */
export function chooseBackupPlace({ deps, calendar, clock }: CoreParts): Promise<FilePlace | null> {
  const day = calendar.dayOf(clock.nowMs());
  return deps.choosePlace({ name: `tma-backup-${day}.tma`, sizeBytes: null });
}

/** For a closed vault. @throws TmaError as `writeBackup` and `openPlace`. */
export async function backUp(
  parts: VaultParts,
  { passphrase, place }: { readonly passphrase: string; readonly place: FilePlace },
): Promise<Saved> {
  const { deps, clock } = parts;
  const { testKdf } = deps.config;
  let toldAtMs = Number.NEGATIVE_INFINITY;
  return writeBackup({
    ...vaultOptions(parts, passphrase),
    ...(testKdf === undefined ? {} : { kdf: testKdf }),
    target: await openPlace(place),
    onProgress(doneBytes, totalBytes) {
      const nowMs = clock.nowMs();
      if (doneBytes < totalBytes && nowMs - toldAtMs < tellEveryMs) return;
      toldAtMs = nowMs;
      deps.emit('progress', { task: 'backup', doneBytes, totalBytes });
    },
  });
}

/**
 * Makes the vault from a backup and opens it; the laptop is then the person's, as the old one was. Nothing that can
 * still be used is replaced: only a vault that is damaged or was never finished.
 * @throws TmaError as `restoreBackup`; `vault.escrow-key-wrong`.
 */
export async function restore(
  parts: VaultParts,
  file: IncomingFile,
  opener: Opener,
): Promise<OpenVault<VaultTables>> {
  const { profile } = parts;
  const { device } = profile;
  const identity = device.get('identity');
  const isUsable = isEnrolled(parts) && device.get('damage') === undefined;
  if (isUsable) throw new TmaError('vault.exists');
  const passphrase = 'passphrase' in opener ? opener.passphrase : opener.newPassphrase;
  const options = vaultOptions(parts, passphrase);
  const { testKdf } = parts.deps.config;
  const key = escrowKeyOf(opener);
  try {
    const restored = await restoreBackup({
      ...options,
      ...(testKdf === undefined ? {} : { kdf: testKdf }),
      source: file.content,
      opener: key === undefined ? { passphrase } : { escrowPrivateKey: key },
      person: identity,
      replace: vaultState(profile) === 'ready',
    });
    const vault = await openVault<VaultTables>(options);
    try {
      await noteOwner(parts, vault, restored);
      return vault;
    } catch (error) {
      await vault.close();
      throw error;
    }
  } catch (error) {
    const isWrongKey =
      key !== undefined && error instanceof TmaError && error.code === 'vault.wrong-passphrase';
    throw isWrongKey ? new TmaError('vault.escrow-key-wrong', undefined, error) : error;
  } finally {
    key?.fill(0);
  }
}

function escrowKeyOf(opener: Opener): Uint8Array | undefined {
  if ('passphrase' in opener) return undefined;
  const key = fromBase64Url(opener.escrowKey.replace(/\s/g, ''));
  if (key?.length !== 32) throw new TmaError('vault.escrow-key-wrong');
  return key;
}

/** What the vault says of its owner is what this laptop is from now on. */
async function noteOwner(
  { profile, clock, deps }: CoreParts,
  vault: OpenVault<VaultTables>,
  { createdAtMs }: Restored,
): Promise<void> {
  const owner = await readMeta(vault.db, 'owner');
  if (owner === undefined) throw new TmaError('vault.damaged', { part: 'owner' });
  const { device } = profile;
  const { url, caPem } = deps.config.service;
  device.transaction(() => {
    for (const name of ['enrolling', 'unsent', 'lastSyncAtMs', 'damage'] as const) device.clear(name);
    device.set('identity', { ...identityOf(owner), serviceUrl: url, caPem });
    device.set('restored', { atMs: clock.nowMs(), createdAtMs });
    // As long as the laptop it comes from could have worked without the service, and no longer.
    renewLease(device, createdAtMs);
  });
}

function identityOf(owner: Owner) {
  const { deviceId, deviceLabel: label, tenantId, tenantName, userId, userName, userRole } = owner;
  return { deviceId, label, tenantId, tenantName, userId, userName, userRole };
}
