/**
 * Attachments in a bucket of Amazon S3, encrypted there once more under the evidence key. Every part travels with
 * its SHA-256, which S3 checks before it keeps anything.
 */
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { awsClientOptions, awsErrorName, whyRefused } from '../cloud/aws.ts';
import { ConfigError } from '../config.ts';
import { type BlobStore, blobPath, blobPrefix } from './blobStore.ts';

export interface S3Options {
  readonly bucket: string;
  /** Key under which S3 encrypts; left out, the bucket's default holds. */
  readonly kmsKey?: string | undefined;
  readonly client?: S3Client;
}

/** Written and read by a starting task; the bucket's lifecycle forgets old versions of it. */
const probeKey = 'probe';

export function s3Blobs({ bucket, kmsKey, client = new S3Client(clientOptions) }: S3Options): BlobStore {
  const encryption =
    kmsKey === undefined
      ? {}
      : { ServerSideEncryption: 'aws:kms' as const, SSEKMSKeyId: kmsKey, BucketKeyEnabled: true };

  async function put(key: string, bytes: Uint8Array): Promise<void> {
    const kind = { ContentType: 'application/octet-stream', ChecksumAlgorithm: 'SHA256' as const };
    await client.send(
      new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes, ...kind, ...encryption }),
    );
  }

  async function get(key: string): Promise<Uint8Array | undefined> {
    try {
      const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return await answer.Body?.transformToByteArray();
    } catch (error) {
      if (awsErrorName(error) === 'NoSuchKey') return undefined;
      throw error;
    }
  }

  return {
    put: (place, bytes) => put(blobPath(place), bytes),
    get: (place) => get(blobPath(place)),
    async remove(place) {
      for (;;) {
        const found = await client.send(
          new ListObjectsV2Command({ Bucket: bucket, Prefix: blobPrefix(place) }),
        );
        const keys = (found.Contents ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [Key]));
        if (keys.length === 0) return;
        for (const key of keys) await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
      }
    },
    async check() {
      try {
        await put(probeKey, new Uint8Array(1));
        if ((await get(probeKey))?.length !== 1) throw new Error('not what was written');
      } catch (cause) {
        throw new ConfigError(`blobs: the bucket cannot be used, ${whyRefused(cause)}.`, { cause });
      }
    },
    close: () => client.destroy(),
  };
}

// A bucket is addressed by its name in the host; an endpoint that is told (a test) by path.
const clientOptions = { ...awsClientOptions, forcePathStyle: process.env.AWS_ENDPOINT_URL_S3 !== undefined };
