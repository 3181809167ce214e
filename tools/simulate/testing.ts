/** What the tests of the simulation share: one store and one empty vault for all runs of a file. */
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll } from 'vitest';
import { type RunResult, run } from './run.ts';
import { openStore, type Store } from './store.ts';
import { type Feature, makeTemplate, openFolder } from './world.ts';

export interface PlayOptions {
  readonly devices?: number;
  readonly without?: readonly Feature[];
}

export interface Stage {
  readonly store: Store;
  play(seed: number, steps: number, options?: PlayOptions): Promise<RunResult>;
}

/** Call it at the top of a test file. */
export function useStage(): Stage {
  let opened: { readonly store: Store; readonly folder: string } | undefined;
  const stage = () => {
    if (opened === undefined) throw new Error('the stage is set before the tests');
    return opened;
  };
  beforeAll(async () => {
    const folder = await openFolder();
    await makeTemplate(folder);
    opened = { store: await openStore(), folder };
  });
  afterAll(async () => {
    await opened?.store.close();
    if (opened !== undefined) await rm(opened.folder, { recursive: true, force: true });
  });
  return {
    get store() {
      return stage().store;
    },
    play: (seed, steps, { devices = 5, without = [] } = {}) => {
      const { store, folder } = stage();
      return run({ store, template: folder, seed, steps, devices, without });
    },
  };
}

/** The first seed of a handful that finds something, or that this invariant does not hold, and what. */
export async function firstFinding(
  stage: Stage,
  seeds: number,
  invariant?: string,
): Promise<
  { readonly seed: number; readonly invariants: readonly string[]; readonly details: string } | undefined
> {
  for (let seed = 1; seed <= seeds; seed++) {
    const { violations } = await stage.play(seed, 60);
    const isFound = violations.some((one) => invariant === undefined || one.invariant === invariant);
    if (!isFound) continue;
    const details = violations.map(({ invariant, detail }) => `${invariant}: ${detail}`).join('\n');
    return { seed, invariants: violations.map(({ invariant }) => invariant), details };
  }
  return undefined;
}
