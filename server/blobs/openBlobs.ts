import type { ServiceConfig } from '../config.ts';
import type { BlobStore } from './blobStore.ts';
import { localBlobs } from './localBlobs.ts';

/** The store of attachments the settings name, if they name one. The AWS client is loaded only where it is used. */
export async function openBlobs({ blobs }: Pick<ServiceConfig, 'blobs'>): Promise<BlobStore | undefined> {
  if (blobs === undefined) return undefined;
  return 'bucket' in blobs ? (await import('./s3Blobs.ts')).s3Blobs(blobs) : localBlobs(blobs.dir);
}
