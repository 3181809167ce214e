/**
 * Bodies stay bytes until the proof over exactly these bytes was checked; only then are they unpacked, within
 * bounds, and read as JSON. S05
 */
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { TmaError } from '../../shared/errors.ts';
import { maxPushBytes } from '../../shared/sync/wire.ts';

/** A push of 1 MiB, written as JSON in JSON, with room for quotes and heads; and the cursors of 10 000 cases. */
export const maxBodyBytes = 4 * maxPushBytes;

const unpack = promisify(gunzip);

/** Leaves every JSON body as it was sent. */
export function takeBodiesAsSent(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer', bodyLimit: maxBodyBytes },
    (_request, body, done) => done(null, body),
  );
}

/**
 * The JSON value of a body. Throws `input.too-large` when it unpacks to more than the bound, and
 * `input.invalid` when it is not JSON or packed in a way the service does not know.
 */
export async function readBody(sent: unknown, encoding: string | undefined): Promise<unknown> {
  if (!Buffer.isBuffer(sent)) throw new TmaError('input.invalid');
  const bytes = await unpacked(sent, encoding);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new TmaError('input.invalid', undefined, cause);
  }
}

async function unpacked(sent: Buffer, encoding: string | undefined): Promise<Uint8Array> {
  if (encoding === undefined || encoding === 'identity') return sent;
  if (encoding !== 'gzip') throw new TmaError('input.invalid');
  try {
    return await unpack(sent, { maxOutputLength: maxBodyBytes });
  } catch (cause) {
    const isTooLarge = cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE';
    throw new TmaError(isTooLarge ? 'input.too-large' : 'input.invalid', undefined, cause);
  }
}
