/** The answer to a request as it comes: line by line, unpacked on the way. */

import { pipeline, type Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { concat } from '../../../shared/bytes.ts';
import { TmaError } from '../../../shared/errors.ts';
import { invalidAnswer, transportFailure } from './failures.ts';

/** What the service may pack such an answer with. */
export const linePackings = 'zstd, gzip';

const newLine = 0x0a;

export interface Packed {
  readonly body: Readable;
  readonly encoding: string | undefined;
  /** A longer line is no answer. */
  readonly maxLineBytes: number;
  /** Told whenever something has come. */
  readonly heard: () => void;
}

/**
 * The lines, in order, without their ends. A last line that is not whole is left out.
 * @throws TmaError `service.unreachable` where the line breaks off, `service.answer-invalid`.
 */
export async function* readLines({
  body,
  encoding,
  maxLineBytes,
  heard,
}: Packed): AsyncGenerator<Uint8Array> {
  let parts: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of unpacked(body, encoding)) {
      heard();
      let from = 0;
      for (let at = chunk.indexOf(newLine); at >= 0; at = chunk.indexOf(newLine, from)) {
        const line = concat(...parts, chunk.subarray(from, at));
        parts = [];
        bytes = 0;
        from = at + 1;
        yield line;
      }
      parts.push(chunk.subarray(from));
      bytes += chunk.length - from;
      if (bytes > maxLineBytes) throw invalidAnswer();
    }
  } catch (thrown) {
    // A packed text that ends too early is a line that broke off.
    if (codeOf(thrown) === 'Z_BUF_ERROR') throw new TmaError('service.unreachable', undefined, thrown);
    throw transportFailure(thrown);
  } finally {
    body.destroy();
  }
}

function unpacked(body: Readable, encoding: string | undefined): AsyncIterable<Buffer> {
  if (encoding === 'zstd') return pipeline(body, createZstdDecompress(), () => undefined);
  if (encoding === 'gzip') return pipeline(body, createGunzip(), () => undefined);
  return body;
}

function codeOf(thrown: unknown): unknown {
  return thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
}
