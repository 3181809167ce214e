/**
 * A backup in one file:
 *
 *   one line of JSON   {manifest, mac}: key slots, files with size and SHA-256, when, which schema
 *   the files          one after another, as they are on disk: the encrypted vault, the encrypted attachments
 *
 *   mac = HMAC-SHA-256(HKDF-SHA-256(data key; info "tma backup manifest 1"); the manifest's exact text)
 *
 * Nothing in it is plain but sizes and dates. It opens with the passphrase it was made with, or the
 * organisation's escrow key; not with the laptop's keystore, because the laptop may be gone.
 */
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { TmaError } from '../../../../shared/errors.ts';
import type { StoredSlot } from '../../device/keySlots.ts';
import type { VaultKey } from '../driver.ts';

const backupVersion = 1;

/** A manifest line longer than this is not one (about 100 000 attachments). */
export const maxHeaderBytes = 16 * 1024 * 1024;

const slotSchema = z.strictObject({
  kind: z.enum(['user', 'escrow']),
  header: z.string(),
  nonce: z.base64(),
  wrapped: z.base64(),
});

const manifestSchema = z.strictObject({
  format: z.literal('tma-backup'),
  version: z.literal(backupVersion),
  createdAtMs: z.int().nonnegative(),
  slots: z.array(slotSchema).min(1),
  files: z
    .array(
      z.strictObject({
        /** `vault.db`, or the name of an attachment. */
        name: z.string().regex(/^(vault\.db|[0-9a-f]{32})$/),
        sizeBytes: z.int().nonnegative(),
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
      }),
    )
    .min(1),
});
export type BackupManifest = z.infer<typeof manifestSchema>;
export type BackupFile = BackupManifest['files'][number];

const lineSchema = z.strictObject({ manifest: z.string(), mac: z.base64() });

export interface BackupHead {
  readonly manifest: BackupManifest;
  /** What the mac is over. */
  readonly text: string;
  readonly mac: Uint8Array;
}

export function encodeHead(manifest: BackupManifest, vaultKey: VaultKey): Buffer {
  const text = JSON.stringify(manifest);
  return Buffer.from(
    `${JSON.stringify({ manifest: text, mac: macOf(text, vaultKey).toString('base64') })}\n`,
  );
}

/** What every version of the manifest has. */
const anyVersionSchema = z.looseObject({ format: z.literal('tma-backup'), version: z.int().positive() });

/** @throws TmaError `backup.not-one`, `backup.newer` {found, known}. */
export function decodeHead(line: string): BackupHead {
  try {
    const { manifest, mac } = lineSchema.parse(JSON.parse(line));
    const { version } = anyVersionSchema.parse(JSON.parse(manifest));
    if (version > backupVersion) throw new TmaError('backup.newer', { found: version, known: backupVersion });
    return {
      manifest: manifestSchema.parse(JSON.parse(manifest)),
      text: manifest,
      mac: Buffer.from(mac, 'base64'),
    };
  } catch (error) {
    throw error instanceof TmaError ? error : new TmaError('backup.not-one', undefined, error);
  }
}

/** @throws TmaError `backup.incomplete` when the manifest is not the one that was written. */
export function assertManifest({ text, mac }: BackupHead, vaultKey: VaultKey): void {
  const expected = macOf(text, vaultKey);
  if (mac.length !== expected.length || !timingSafeEqual(mac, expected)) {
    throw new TmaError('backup.incomplete');
  }
}

export function encodeSlot({ kind, header, nonce, wrapped }: StoredSlot): BackupManifest['slots'][number] {
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
  return { kind, header, nonce: base64(nonce), wrapped: base64(wrapped) };
}

export function decodeSlot({ kind, header, nonce, wrapped }: BackupManifest['slots'][number]): StoredSlot {
  return { kind, header, nonce: Buffer.from(nonce, 'base64'), wrapped: Buffer.from(wrapped, 'base64') };
}

function macOf(text: string, { key }: VaultKey): Buffer {
  const macKey = Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), 'tma backup manifest 1', 32));
  try {
    return createHmac('sha256', macKey).update(text).digest();
  } finally {
    macKey.fill(0);
  }
}
