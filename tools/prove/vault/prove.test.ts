/** The short versions of `npm run prove:vault`. */
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../demo/random.ts';
import { runCanary } from './canary.ts';
import { killActions, killWhile } from './kills.ts';

describe.runIf(process.platform === 'linux')('what was written into a case', () => {
  it('is in no file, no temporary file, no log and not in the memory of the host after the lock', {
    timeout: 300_000,
  }, async () => {
    const result = await runCanary({ cases: 2 });
    expect(result.planted).toBeGreaterThan(60);
    expect(result.wouldFind).toBe(true);
    expect(result.finds).toEqual([]);
    expect(result.spilled).toEqual([]);
    expect(result.lockMs.length).toBeGreaterThan(1);
  });
});

describe('a program killed at random', () => {
  it.each(killActions)('loses nothing it had acknowledged (%s)', { timeout: 180_000 }, async (action) => {
    const { between } = seededRandom('short');
    const random = () => between(0, 1_000) / 1_000;
    const result = await killWhile(action, { kills: 2, random });
    expect(result.lost).toEqual([]);
    expect(result.broken).toEqual([]);
  });
});
