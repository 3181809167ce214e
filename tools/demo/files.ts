/** Files in the demo cases: sealed as a laptop does it, noted in the case with the first link of their custody. */
import { createHash } from 'node:crypto';
import { sealChunk } from '../../electron/core/vault/attachments/format.ts';
import { nodeCrypto } from '../../platform/crypto.ts';
import { toBase64Url } from '../../shared/bytes.ts';
import { type BlobContent, blobIdOf } from '../../shared/sync/blobs.ts';
import { iso } from './calendar.ts';
import { documentOf, mediaTypeOf } from './documents.ts';
import type { PersonKey } from './people.ts';
import { type Deed, type Scene, userOf, workerOf } from './scene.ts';
import type { DemoFile } from './script.ts';

/** What the service keeps of a file. */
export interface SealedFile {
  readonly by: PersonKey;
  readonly content: BlobContent;
  /** Its only part: demo files are small. */
  readonly bytes: Uint8Array;
}

export function fileDeeds(scene: Scene): readonly Deed[] {
  return (scene.script.files ?? []).map((file) => {
    const atMs = Math.max(scene.calendar.ago(file.ago), scene.openedMs);
    return { atMs, act: (now) => add(scene, file, now) };
  });
}

function add({ script, file, random, files }: Scene, added: DemoFile, atMs: number): void {
  const by = workerOf(script);
  const plain = documentOf(added.name, added.lines ?? []);
  const sealed = seal(plain, { name: hex(random.bytes(16)), key: random.bytes(32) });
  const [record, link] = [file.newRecord(), file.newRecord()];
  const whose = { addedAt: iso(atMs), addedBy: userOf(by) };
  const values = {
    name: added.name,
    mediaType: mediaTypeOf[added.name.split('.').at(-1) ?? ''],
    sizeBytes: plain.length,
    sha256: createHash('sha256').update(plain).digest('hex'),
    content: { ...sealed.content, parts: [...sealed.content.parts] },
    description: added.description,
    source: added.source,
    ...whose,
  };
  const custody = { evidence: record, event: 'added', at: whose.addedAt, by: whose.addedBy };
  file.write(
    { by, atMs },
    { record, kind: 'evidence', values },
    { record: link, kind: 'custody', values: custody },
  );
  files.push({ by, ...sealed });
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

function seal(
  plain: Uint8Array,
  { name, key }: { readonly name: string; readonly key: Uint8Array },
): Omit<SealedFile, 'by'> {
  const bytes = Buffer.concat(sealChunk(key, { name, index: 0, final: true }, plain));
  const parts = [toBase64Url(nodeCrypto.sha256(bytes))];
  const sizeBytes = bytes.length;
  const blob = blobIdOf({ sizeBytes, parts }, nodeCrypto);
  return { bytes, content: { blob, file: name, key: toBase64Url(key), sizeBytes, parts } };
}
