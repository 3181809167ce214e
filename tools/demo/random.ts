import { createHash } from 'node:crypto';

/** Numbers that look random and are the same for the same seed, on every machine. */
export interface SeededRandom {
  bytes(length: number): Uint8Array;
  /** A whole number from `from` to `to`, both included. */
  between(from: number, to: number): number;
}

/** SHA-256 over seed and a counter: slow beside a real generator, and nothing to get wrong. */
export function seededRandom(seed: string): SeededRandom {
  let counter = 0;
  let pool = Buffer.alloc(0);
  const bytes = (length: number): Uint8Array => {
    while (pool.length < length) {
      const block = createHash('sha256').update(`${seed}/${counter++}`).digest();
      pool = Buffer.concat([pool, block]);
    }
    const taken = Uint8Array.from(pool.subarray(0, length));
    pool = pool.subarray(length);
    return taken;
  };
  return {
    bytes,
    between: (from, to) => {
      const [a = 0, b = 0, c = 0] = bytes(3);
      return from + (((a << 16) | (b << 8) | c) % (to - from + 1));
    },
  };
}
