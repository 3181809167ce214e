/** Values on their way into SQLite, the same for both drivers. */
import type { SqlValue } from '../driver.ts';

/** Refuses what the two libraries would store differently (booleans, dates, numbers without a value). */
export function assertBindable(params: readonly SqlValue[]): void {
  for (const value of params as readonly unknown[]) {
    if (!isBindable(value)) throw new TypeError(`a value of type ${typeof value} cannot be stored`);
  }
}

function isBindable(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  return value === null || typeof value === 'string' || value instanceof Uint8Array;
}
