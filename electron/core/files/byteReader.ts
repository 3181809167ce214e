/** Reads a stream of bytes from front to back: a line, then pieces of known length. */
export interface ByteReader {
  /** Up to the first line feed, which is taken as well; `undefined` when there is none within `maxBytes`. */
  line(maxBytes: number): Promise<Buffer | undefined>;
  /** The next `count` bytes as they come, fewer when the stream ends; a piece is valid until the next. */
  take(count: number): AsyncGenerator<Uint8Array>;
  /** Whether nothing is left. */
  isOver(): Promise<boolean>;
  /** Nothing more is wanted; the source may let go of what it holds. */
  close(): Promise<void>;
}

const lineFeed = 10;

export function byteReader(source: AsyncIterable<Uint8Array>): ByteReader {
  const pieces = source[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array(0);
  /** Makes sure something is in `rest`, unless the stream is over. */
  const fill = async (): Promise<boolean> => {
    while (rest.length === 0) {
      const next = await pieces.next();
      if (next.done === true) return false;
      rest = next.value;
    }
    return true;
  };
  return {
    async line(maxBytes) {
      const found: Buffer[] = [];
      for (let length = 0; length <= maxBytes && (await fill()); ) {
        const end = rest.indexOf(lineFeed);
        const part = end < 0 ? rest : rest.subarray(0, end);
        found.push(Buffer.from(part));
        length += part.length;
        rest = rest.subarray(end < 0 ? rest.length : end + 1);
        if (end >= 0) return Buffer.concat(found);
      }
      return undefined;
    },
    async *take(count) {
      for (let left = count; left > 0 && (await fill()); ) {
        const part = rest.subarray(0, left);
        rest = rest.subarray(part.length);
        left -= part.length;
        yield part;
      }
    },
    isOver: async () => !(await fill()),
    close: async () => void (await pieces.return?.()),
  };
}
