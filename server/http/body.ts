/**
 * Bodies stay bytes until the proof over exactly these bytes was checked; only then are they unpacked, within
 * bounds, and read as JSON. S05
 */
import { promisify } from 'node:util';
import { constants, gunzip, zstdDecompress } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { TmaError } from '../../shared/errors.ts';
import { maxPushBytes } from '../../shared/sync/wire.ts';

/** A push of 1 MiB, written as JSON in JSON, with room for quotes and heads; and the cursors of 10 000 cases. */
export const maxBodyBytes = 4 * maxPushBytes;

/** What a body may be packed with; every answer says so (RFC 9110, section 12.5.3). */
export const bodyPackings = 'zstd, gzip';

const unpackGzip = promisify(gunzip);
const unpackZstd = promisify(zstdDecompress);
/** The sender says how much memory unpacking takes, as a power of two: no more than a body has. */
const mostZstdWindow = Math.log2(maxBodyBytes);

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
  const limit = { maxOutputLength: maxBodyBytes };
  try {
    if (encoding === 'gzip') return await unpackGzip(sent, limit);
    if (encoding !== 'zstd') throw new TmaError('input.invalid');
    const params = { [constants.ZSTD_d_windowLogMax]: mostZstdWindow };
    return await unpackZstd(sent, { ...limit, params });
  } catch (cause) {
    if (cause instanceof TmaError) throw cause;
    const isTooLarge = cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE';
    throw new TmaError(isTooLarge ? 'input.too-large' : 'input.invalid', undefined, cause);
  }
}
