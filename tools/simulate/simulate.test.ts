/** Laptops and service in every kind of trouble, from seeds: what has to hold holds. */
import { describe, expect, it } from 'vitest';
import { seeds } from './seeds.ts';
import { useStage } from './testing.ts';

const stage = useStage();

describe('whatever happens on the way', () => {
  it.each(Array.from({ length: 50 }, (_, i) => i + 1))(
    'nothing is lost and everybody agrees: seed %i',
    async (seed) => {
      const { violations } = await stage.play(seed, 30);
      expect(violations, `npm run simulate -- --seed ${seed} --steps 30 --devices 5`).toEqual([]);
    },
  );

  it.each(seeds)('$found: seed $seed', async ({ seed, steps, ...options }) => {
    const { violations } = await stage.play(seed, steps, options);
    expect(violations).toEqual([]);
  });
});
