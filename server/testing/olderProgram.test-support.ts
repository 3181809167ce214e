/**
 * A program of the past: its own code as it was when the record kinds had version 1 (commit 17b7d72), so that what it
 * writes and how it reads is not what today's code thinks it would be. The fixture is a bundle of
 *
 *   export { kindSpec, schemaVersion } from './shared/domain/kinds.ts';
 *   export { checkFieldEdit } from './shared/domain/validate.ts';
 *   export { readChange, sealChange, chainStart } from './shared/sync/change.ts';
 *   export { applyChange } from './shared/sync/merge.ts';
 *   export { chainChanges, signSegment } from './shared/sync/segment.ts';
 *   export { domainPolicy, viewRecord } from './shared/sync/view.ts';
 *
 * in a file of that commit, made with `rolldown older.ts --format esm --platform node --minify` and `gzip -9n`.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';

type Kinds = typeof import('../../shared/domain/kinds.ts');
type Validate = typeof import('../../shared/domain/validate.ts');
type Change = typeof import('../../shared/sync/change.ts');
type Merge = typeof import('../../shared/sync/merge.ts');
type SegmentModule = typeof import('../../shared/sync/segment.ts');
type View = typeof import('../../shared/sync/view.ts');

export type OlderProgram = Pick<Kinds, 'kindSpec'> & { readonly schemaVersion: number } & Pick<
    Validate,
    'checkFieldEdit'
  > &
  Pick<Change, 'readChange' | 'sealChange' | 'chainStart'> &
  Pick<Merge, 'applyChange'> &
  Pick<SegmentModule, 'chainChanges' | 'signSegment'> &
  Pick<View, 'domainPolicy' | 'viewRecord'>;

export async function loadOlderProgram(): Promise<OlderProgram> {
  const packed = await readFile(new URL('./fixtures/program-schema-1.mjs.gz', import.meta.url));
  const folder = await mkdtemp(join(tmpdir(), 'tma-older-'));
  try {
    const file = join(folder, 'program.mjs');
    await writeFile(file, gunzipSync(packed));
    // The functions had these shapes then; where one has changed since, the test that calls it fails.
    return (await import(pathToFileURL(file).href)) as OlderProgram;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
