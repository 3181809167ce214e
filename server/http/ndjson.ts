/** Answers without end: one JSON value a line, packed as they are made, never faster than they are taken. */
import { pipeline, Readable } from 'node:stream';
import { constants, createGzip, createZstdCompress } from 'node:zlib';
import type { FastifyReply } from 'fastify';

/**
 * Sends the values; what throws before the first one is answered as any failure, later the line breaks off.
 * zstd where the other side takes it: as small as gzip in a third of the time.
 */
export async function sendLines(
  reply: FastifyReply,
  values: AsyncGenerator<object>,
  accepted: string | undefined,
): Promise<FastifyReply> {
  const first = await values.next();
  const takesZstd = accepted?.split(',').some((one) => one.trim() === 'zstd') ?? false;
  const packing = takesZstd
    ? createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: 3 } })
    : createGzip({ level: 4 });
  const lines = async function* () {
    if (first.done !== true) yield `${JSON.stringify(first.value)}\n`;
    for await (const value of values) yield `${JSON.stringify(value)}\n`;
  };
  // Whoever hangs up ends the generator; what fails in it breaks the answer off.
  const packed = pipeline(Readable.from(lines()), packing, () => undefined);
  return reply
    .type('application/x-ndjson')
    .header('content-encoding', takesZstd ? 'zstd' : 'gzip')
    .send(packed);
}
