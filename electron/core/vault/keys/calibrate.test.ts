/** The key derivation takes half a second to a second, on every laptop. */
import { describe, expect, it } from 'vitest';
import { calibrateKdf, longestMs, shortestMs } from './calibrate.ts';
import { assertKdfStrong, type KdfParameters } from './kdf.ts';

const gibibyte = 1024 ** 3;

/** A machine on which 64 MiB and three passes take so many milliseconds. */
function machine(baseMs: number, memoryBytes = 16 * gibibyte) {
  const measured: KdfParameters[] = [];
  const timeOf = (kdf: KdfParameters) => (baseMs * kdf.memoryKiB * kdf.passes) / (64 * 1024 * 3);
  const measure = async (kdf: KdfParameters) => {
    measured.push(kdf);
    return timeOf(kdf);
  };
  return { measured, timeOf, deps: { measure, memoryBytes } };
}

describe('calibrating the key derivation', () => {
  it.each([20, 45, 90, 170, 330, 480])('takes 0.5 to 1 s where the floor takes %i ms', async (baseMs) => {
    const { deps, timeOf } = machine(baseMs);
    const kdf = await calibrateKdf(deps);
    expect(timeOf(kdf)).toBeGreaterThanOrEqual(shortestMs);
    expect(timeOf(kdf)).toBeLessThanOrEqual(longestMs);
    expect(() => assertKdfStrong(kdf)).not.toThrow();
  });

  it('never goes below 64 MiB and three passes, however slow the laptop is', async () => {
    expect(await calibrateKdf(machine(3_000).deps)).toMatchObject({ memoryKiB: 64 * 1024, passes: 3 });
  });

  it('adds passes where a small laptop has no more memory to give', async () => {
    const { deps, timeOf } = machine(30, gibibyte);
    const kdf = await calibrateKdf(deps);
    expect(kdf.memoryKiB).toBe(128 * 1024);
    expect(kdf.passes).toBeGreaterThan(3);
    expect(timeOf(kdf)).toBeGreaterThanOrEqual(shortestMs);
  });

  it('ends on a machine whose measurements jump about', async () => {
    let turn = 0;
    const measure = async () => (turn++ % 2 === 0 ? 5 : 5_000);
    const kdf = await calibrateKdf({ measure, memoryBytes: 8 * gibibyte });
    expect(() => assertKdfStrong(kdf)).not.toThrow();
  });

  it('finds strong parameters on this very machine', { timeout: 120_000 }, async () => {
    const kdf = await calibrateKdf();
    expect(() => assertKdfStrong(kdf)).not.toThrow();
    expect(kdf.lanes).toBe(4);
  });
});
