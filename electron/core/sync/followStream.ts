/**
 * Takes a stream by the handful: as much as one transaction should hold. While one handful is stored the next is
 * being read, on another thread where there is one. What came before the stream broke off is taken all the same, so
 * that it goes on from there the next time.
 */
import { concat } from '../../../shared/bytes.ts';
import type { Handful, PageReader } from './handful.ts';

/** The vault is held for so long: everybody else waits, who would like to read. */
const bytesAtOnce = 768 * 1024;
const linesAtOnce = 64;
/** Read ahead of what is stored; each is held in memory. */
const mostAhead = 2;

const newLine = Uint8Array.of(0x0a);

export interface Following {
  readonly reader: PageReader;
  /** `text` is what the handful was read from. One at a time, in order. */
  take(handful: Handful, text: Uint8Array): Promise<void>;
}

interface Reading {
  readonly text: Uint8Array;
  readonly handful: Promise<Handful>;
}

/** `lines`: each without its end. @throws what the stream, the reader or `take` fails with. */
export async function followStream(
  lines: AsyncIterable<Uint8Array>,
  { reader, take }: Following,
): Promise<void> {
  const ahead: Reading[] = [];
  let parts: Uint8Array[] = [];
  let bytes = 0;
  const readOn = (): void => {
    if (parts.length === 0) return;
    const text = concat(...parts);
    parts = [];
    bytes = 0;
    const handful = reader.read(text);
    // Whoever comes to it hears of its failure; after another failure nobody does.
    handful.catch(() => undefined);
    ahead.push({ text, handful });
  };
  const takeAhead = async (left: number): Promise<void> => {
    while (ahead.length > left) {
      const next = ahead.shift();
      if (next !== undefined) await take(await next.handful, next.text);
    }
  };
  try {
    for await (const line of lines) {
      parts.push(line, newLine);
      bytes += line.length;
      if (bytes < bytesAtOnce && parts.length < 2 * linesAtOnce) continue;
      readOn();
      await takeAhead(mostAhead);
    }
  } finally {
    readOn();
    await takeAhead(0);
  }
}
