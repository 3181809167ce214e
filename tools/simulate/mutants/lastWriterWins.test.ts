/** The simulation can fail: a merge that keeps the later of two edits made apart and forgets the other. */
import { expect, it, vi } from 'vitest';
import { firstFinding, useStage } from '../testing.ts';

vi.mock('../../../shared/sync/merge.ts', async (original) => {
  const real = await original<typeof import('../../../shared/sync/merge.ts')>();
  const applyChange: typeof real.applyChange = (...args) => {
    const state = real.applyChange(...args);
    const registers = Object.fromEntries(
      Object.entries(state.registers).map(([field, heads]) => [
        field,
        heads.toSorted(real.compareHeads).slice(-1),
      ]),
    );
    return { ...state, registers };
  };
  return { ...real, applyChange };
});

const stage = useStage();

it('finds a merge in which the last writer wins', { timeout: 240_000 }, async () => {
  const finding = await firstFinding(stage, 40);
  expect(finding?.invariants).toContain('shows what it holds');
});
