import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filesContaining, temporaryFolder } from '../testing.ts';
import { chunkBytes, piecesOf, tagBytes } from './format.ts';
import { type AttachmentRef, type AttachmentStore, attachmentStore } from './store.ts';

async function* streamOf(bytes: Uint8Array, step = 100_000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
}

async function contentOf(store: AttachmentStore, ref: AttachmentRef): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of store.read(ref)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Bytes that differ everywhere, made quickly. */
function sample(length: number): Buffer {
  return Buffer.from(Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) & 0xff));
}

describe('attachments', () => {
  it.each([0, 1, chunkBytes - 1, chunkBytes, chunkBytes + 1, 3 * chunkBytes])(
    'of %i bytes come back as they were',
    async (length) => {
      using folder = temporaryFolder();
      const store = attachmentStore(folder.path);
      const bytes = sample(length);
      const ref = await store.write(streamOf(bytes));
      expect(ref.sizeBytes).toBe(length);
      expect(Buffer.from(ref.sha256)).toEqual(createHash('sha256').update(bytes).digest());
      expect((await contentOf(store, ref)).equals(bytes)).toBe(true);
      expect(await store.list()).toEqual([ref.name]);
      await store.remove(ref.name);
      await expect(contentOf(store, ref)).rejects.toMatchObject({ code: 'vault.missing' });
    },
  );

  it('are cut into the same chunks however they arrive', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 40 })),
        fc.integer({ min: 1, max: 16 }),
        async (parts, size) => {
          const pieces: Buffer[] = [];
          for await (const piece of piecesOf(toStream(parts), size)) pieces.push(Buffer.from(piece));
          expect(Buffer.concat(pieces)).toEqual(Buffer.concat(parts));
          expect(pieces.slice(0, -1).every((piece) => piece.length === size)).toBe(true);
          const last = pieces.at(-1)?.length ?? -1;
          expect(last > 0 || (pieces.length === 1 && last === 0)).toBe(true);
        },
      ),
      { seed: 4711 },
    );
  });

  it('hold no plain text and a name that says nothing', async () => {
    using folder = temporaryFolder();
    const store = attachmentStore(folder.path);
    const ref = await store.write(streamOf(Buffer.from('Kanarienvogel-4711 '.repeat(10_000))));
    expect(filesContaining(folder.path, 'Kanarienvogel')).toEqual([]);
    expect(readdirSync(join(folder.path, 'attachments'))).toEqual([ref.name]);
    expect(ref.name).toMatch(/^[0-9a-f]{32}$/);
  });

  it('are refused when changed, cut, reordered or put in the place of another', async () => {
    using folder = temporaryFolder();
    const store = attachmentStore(folder.path);
    const bytes = sample(3 * chunkBytes);
    const ref = await store.write(streamOf(bytes));
    const other = await store.write(streamOf(bytes));
    const path = join(folder.path, 'attachments', ref.name);
    const whole = readFileSync(path);
    const sealed = chunkBytes + tagBytes;
    const changed = Buffer.from(whole);
    changed.writeUInt8(changed.readUInt8(sealed + 5) ^ 1, sealed + 5);
    const chunks = [0, 1, 2].map((i) => whole.subarray(i * sealed, (i + 1) * sealed));
    const swapped = Buffer.concat([chunks[1] ?? whole, chunks[0] ?? whole, chunks[2] ?? whole]);
    const otherBytes = readFileSync(join(folder.path, 'attachments', other.name));
    for (const bad of [changed, swapped, whole.subarray(0, 2 * sealed), whole.subarray(0, -1), otherBytes]) {
      writeFileSync(path, bad);
      await expect(contentOf(store, ref)).rejects.toMatchObject({ code: 'vault.damaged' });
    }
    // Cut at a chunk's edge and the size in the vault changed to match: the final flag still tells.
    writeFileSync(path, whole.subarray(0, 2 * sealed));
    const shorter = { ...ref, sizeBytes: 2 * chunkBytes };
    await expect(contentOf(store, shorter)).rejects.toMatchObject({ code: 'vault.damaged' });
  });

  it('leave nothing behind when the source fails, and what a dead program left is removed', async () => {
    using folder = temporaryFolder();
    const store = attachmentStore(folder.path);
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield sample(chunkBytes + 7);
      throw new Error('the scanner was unplugged');
    }
    await expect(store.write(failing())).rejects.toThrow('unplugged');
    const files = join(folder.path, 'attachments');
    expect(readdirSync(files)).toEqual([]);
    writeFileSync(join(files, `${'0'.repeat(32)}.part`), 'half');
    expect(await store.list()).toEqual([]);
    await store.removeUnfinished();
    expect(existsSync(join(files, `${'0'.repeat(32)}.part`))).toBe(false);
  });

  it('of 200 MB are written and read with little memory', { timeout: 60_000 }, () => {
    using folder = temporaryFolder();
    const script = new URL('../fixtures/bigAttachment.ts', import.meta.url).pathname;
    const output = execFileSync(process.execPath, ['--expose-gc', script, folder.path], { encoding: 'utf8' });
    const { sizeBytes, grownBytes } = JSON.parse(output) as { sizeBytes: number; grownBytes: number };
    expect(sizeBytes).toBe(200 * 1024 * 1024);
    expect(grownBytes).toBeLessThan(64 * 1024 * 1024);
  });
});

async function* toStream(parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts;
}
