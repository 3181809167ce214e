/**
 * The content of an attachment on its way between laptops. The file travels as it lies on the laptop, encrypted under
 * a random key of its own that only the change about it carries (format: `electron/core/vault/attachments/format.ts`),
 * cut into parts:
 *
 *   part 0 … k-1   {@link blobPartBytes} each (8 chunks of 1 MiB with their tags), the last one shorter
 *   id             b64(H("tma/blob/1" ‖ sizeBytes(8) ‖ H(part 0) ‖ … ‖ H(part k-1)))
 *
 * The hashes are in the change, so whoever has it can check every part by itself, and the same id always means the
 * same bytes. The service stores parts it cannot read without the case's key.
 */
import { z } from 'zod';
import { concat, fromBase64Url, toBase64Url, u64, utf8 } from '../bytes.ts';
import type { SyncCrypto } from './crypto.ts';

export const blobPartBytes = 8 * (1024 * 1024 + 16);
/** 512 MiB of content. */
export const maxBlobParts = 64;

const hash = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
export const blobIdSchema = hash;

export const blobContentSchema = z.strictObject({
  blob: blobIdSchema,
  /** Name of the encrypted file; part of what its chunks are bound to. */
  file: z.string().regex(/^[0-9a-f]{32}$/),
  /** AES-256-GCM, 32 bytes. */
  key: hash,
  /** Of the encrypted file. */
  sizeBytes: z
    .int()
    .positive()
    .max(maxBlobParts * blobPartBytes),
  /** SHA-256 of each part. */
  parts: z.array(hash).min(1).max(maxBlobParts),
});
export type BlobContent = z.infer<typeof blobContentSchema>;
export type BlobManifest = Pick<BlobContent, 'sizeBytes' | 'parts'>;

export function blobPartCount(sizeBytes: number): number {
  return Math.max(1, Math.ceil(sizeBytes / blobPartBytes));
}

/** How long a part is; 0 for one that is not there. */
export function blobPartSize({ sizeBytes }: Pick<BlobManifest, 'sizeBytes'>, part: number): number {
  return Math.max(0, Math.min(blobPartBytes, sizeBytes - part * blobPartBytes));
}

export function blobIdOf({ sizeBytes, parts }: BlobManifest, crypto: Pick<SyncCrypto, 'sha256'>): string {
  const hashes = parts.map((part) => fromBase64Url(part) ?? new Uint8Array(0));
  return toBase64Url(crypto.sha256(utf8('tma/blob/1'), concat(u64(sizeBytes), ...hashes)));
}

/** Whether id, size and parts belong together. */
export function isBlobWhole(
  content: BlobManifest & { readonly blob: string },
  crypto: Pick<SyncCrypto, 'sha256'>,
): boolean {
  const isCounted = content.parts.length === blobPartCount(content.sizeBytes);
  return isCounted && blobIdOf(content, crypto) === content.blob;
}
