/** Chance from a seed: the same seed makes the same run. Source: Bob Jenkins, "Small Fast Counting" (sfc32). */

export interface Chance {
  /** From 0 up to 1. */
  next(): number;
  /** A whole number from `from` to `to`, both included. */
  between(from: number, to: number): number;
  /** True `percent` times in a hundred. */
  is(percent: number): boolean;
  /** Throws on an empty list. */
  pick<T>(list: readonly T[]): T;
  bytes(length: number): Uint8Array;
}

export function chanceFrom(seed: number): Chance {
  let [a, b, c, d] = [seed | 0, 0x9e3779b9, 0x243f6a88, 1];
  const next = (): number => {
    const t = (a + b + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < 16; i++) next();
  const between = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
  return {
    next,
    between,
    is: (percent) => next() * 100 < percent,
    pick(list) {
      const one = list[between(0, list.length - 1)];
      if (one === undefined) throw new Error('nothing to pick from');
      return one;
    },
    bytes: (length) => Uint8Array.from({ length }, () => between(0, 255)),
  };
}
