/**
 * The witness in a bucket of Amazon S3 with object lock: the bucket's default retention holds for every object, and
 * the service may add objects and nothing else, not even read them. `If-None-Match: *` makes S3 refuse a second
 * writing (412), which is how a statement that got there although its answer was lost is recognised.
 */
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { awsClientOptions, awsErrorName, whyRefused } from '../cloud/aws.ts';
import { ConfigError } from '../config.ts';
import type { WitnessStore } from './witnessStore.ts';

export interface S3WitnessOptions {
  readonly bucket: string;
  /** Key under which S3 encrypts; left out, the bucket's default holds. */
  readonly kmsKey?: string | undefined;
  readonly client?: S3Client;
}

/** Written by the first task that starts, and never again: nobody could delete it for years. */
const probeName = 'roots/probe';

export function s3Witness({
  bucket,
  kmsKey,
  client = new S3Client(clientOptions),
}: S3WitnessOptions): WitnessStore {
  const encryption =
    kmsKey === undefined
      ? {}
      : { ServerSideEncryption: 'aws:kms' as const, SSEKMSKeyId: kmsKey, BucketKeyEnabled: true };

  async function put(name: string, body: string): Promise<void> {
    const kind = { ContentType: 'application/json', ChecksumAlgorithm: 'SHA256' as const, IfNoneMatch: '*' };
    try {
      await client.send(
        new PutObjectCommand({ Bucket: bucket, Key: name, Body: body, ...kind, ...encryption }),
      );
    } catch (error) {
      if (awsErrorName(error) !== 'PreconditionFailed') throw error;
    }
  }

  return {
    put: (name, statement) => put(name, JSON.stringify(statement)),
    async check() {
      try {
        await put(probeName, '{}');
      } catch (cause) {
        throw new ConfigError(`witness: the bucket cannot be used, ${whyRefused(cause)}.`, { cause });
      }
    },
    close: () => client.destroy(),
  };
}

// A bucket is addressed by its name in the host; an endpoint that is told (a test) by path.
const clientOptions = { ...awsClientOptions, forcePathStyle: process.env.AWS_ENDPOINT_URL_S3 !== undefined };
