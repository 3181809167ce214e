/** Reads a built renderer: the path → SHA-256 map of E02, and the bytes. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { type AssetMap, INDEX_PATH } from '../../electron/policy/assets.ts';

/** The bytes of every file of a built renderer by URL path. Throws an Error that says what to run if there is none. */
export function readRenderer(dir: string): ReadonlyMap<string, Buffer> {
  if (!existsSync(join(dir, INDEX_PATH))) throw new Error(`no built renderer in ${dir}: run "npm run build"`);
  const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(dir.length).split(sep).join('/').replace(/^\/*/, '/'), readFileSync(path)];
    }),
  );
}

export function assetMap(files: ReadonlyMap<string, Buffer>): AssetMap {
  const entries = [...files].map(([path, bytes]) => [path, sha256(bytes)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
