/**
 * An attachment on disk: chunks of 1 MiB of plain text, the last one shorter, each
 *
 *   AES-256-GCM(key, nonce = 0[4] ‖ index[8]; associated data = "tma attachment 1" ‖ name[16] ‖ index[8] ‖ final[1]) ‖ tag[16]
 *
 * one after another without a header. The key is random and used for this one file, so the index may be the
 * nonce. The index keeps chunks in their order, the final flag keeps the file from being cut, the name keeps
 * one file from standing in for another. An empty attachment is one empty final chunk. Follows the STREAM
 * construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015).
 */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { TmaError } from '../../../../shared/errors.ts';
import { blobPartBytes } from '../../../../shared/sync/blobs.ts';

export const chunkBytes = 1024 * 1024;
export const tagBytes = 16;

export interface ChunkPosition {
  /** The file's name: 32 hexadecimal digits. */
  readonly name: string;
  readonly index: number;
  readonly final: boolean;
}

/** Chunks that travel together: a part of 8 MiB and the tags (`shared/sync/blobs.ts`). */
export const partChunks = blobPartBytes / (chunkBytes + tagBytes);

/** Ciphertext and tag, to be written one after the other (joining them would copy a megabyte). */
export function sealChunk(key: Uint8Array, position: ChunkPosition, plain: Uint8Array): readonly Buffer[] {
  const cipher = createCipheriv('aes-256-gcm', key, nonceOf(position)).setAAD(associatedData(position));
  return [cipher.update(plain), cipher.final(), cipher.getAuthTag()];
}

/** @throws TmaError `vault.damaged` when the chunk is not exactly what was written at this place. */
export function openChunk(key: Uint8Array, position: ChunkPosition, sealed: Uint8Array): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(position), { authTagLength: tagBytes })
    .setAAD(associatedData(position))
    .setAuthTag(sealed.subarray(-tagBytes));
  const plain = decipher.update(sealed.subarray(0, -tagBytes));
  try {
    decipher.final();
    return plain;
  } catch (error) {
    plain.fill(0);
    throw new TmaError('vault.damaged', { part: 'attachment', chunk: position.index }, error);
  }
}

export function chunkCount(sizeBytes: number): number {
  return Math.max(1, Math.ceil(sizeBytes / chunkBytes));
}

export function sealedBytes(sizeBytes: number): number {
  return sizeBytes + chunkCount(sizeBytes) * tagBytes;
}

function nonceOf({ index }: ChunkPosition): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeBigUInt64BE(BigInt(index), 4);
  return nonce;
}

function associatedData({ name, index, final }: ChunkPosition): Buffer {
  const tail = Buffer.alloc(9);
  tail.writeBigUInt64BE(BigInt(index));
  tail.writeUInt8(final ? 1 : 0, 8);
  return Buffer.concat([Buffer.from('tma attachment 1'), Buffer.from(name, 'hex'), tail]);
}

/**
 * Cuts a stream into pieces of exactly `size` bytes, the last one shorter; at least one, empty if need be. A
 * piece is valid until the next but one is asked for: two buffers take turns, so that a large file does not
 * leave a trail of megabytes to the garbage collector.
 */
export async function* piecesOf(source: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Buffer> {
  let piece = Buffer.alloc(size);
  let spare = Buffer.alloc(size);
  let filled = 0;
  for await (const bytes of source) {
    for (let at = 0; at < bytes.length; ) {
      // Only once more bytes have come: the last piece must not be followed by an empty one.
      if (filled === size) {
        yield piece;
        [piece, spare] = [spare, piece];
        filled = 0;
      }
      const taken = Math.min(size - filled, bytes.length - at);
      piece.set(bytes.subarray(at, at + taken), filled);
      filled += taken;
      at += taken;
    }
  }
  yield piece.subarray(0, filled);
}

/** Wipes a buffer and gives the memory of a large one back at once; it must not be used any more. */
export function release(bytes: Uint8Array): void {
  bytes.fill(0);
  const { buffer } = bytes;
  // A small one may share its memory with others.
  if (buffer instanceof ArrayBuffer && buffer.byteLength === bytes.length) buffer.transfer(0);
}
