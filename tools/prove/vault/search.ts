/** Looks for texts in files of any size, as UTF-8 and as UTF-16. */
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

export interface Find {
  readonly path: string;
  readonly text: string;
}

/** Every file below the folders, also those in folders that cannot be entered being left out. */
export async function filesBelow(folders: readonly string[]): Promise<readonly string[]> {
  const all: string[] = [];
  for (const folder of folders) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    for (const entry of entries) if (entry.isFile()) all.push(join(entry.parentPath, entry.name));
  }
  return all;
}

export async function findIn(paths: readonly string[], texts: readonly string[]): Promise<readonly Find[]> {
  const needles = texts.flatMap((text) => [
    { text, bytes: Buffer.from(text, 'utf8') },
    { text, bytes: Buffer.from(text, 'utf16le') },
  ]);
  const overlap = Math.max(...needles.map(({ bytes }) => bytes.length));
  const finds: Find[] = [];
  for (const path of paths) {
    const found = new Set<string>();
    let tail = Buffer.alloc(0);
    try {
      for await (const part of createReadStream(path, { highWaterMark: 4 * 1024 * 1024 })) {
        const bytes = Buffer.concat([tail, part as Buffer]);
        for (const needle of needles) if (bytes.includes(needle.bytes)) found.add(needle.text);
        tail = bytes.subarray(Math.max(0, bytes.length - overlap));
      }
    } catch {
      // Gone meanwhile: a log of a database that was closed.
    }
    finds.push(...[...found].map((text) => ({ path, text })));
  }
  return finds;
}
