import type { Feature } from './world.ts';

/** Runs that once broke an invariant; each is run for ever. Found by `npm run simulate`. */
export interface Seed {
  readonly seed: number;
  readonly steps: number;
  readonly devices: number;
  /** What there was not yet when it found something. */
  readonly without?: readonly Feature[];
  /** What it found. */
  readonly found: string;
}

export const seeds: readonly Seed[] = [
  {
    ...{ seed: 207, steps: 60, devices: 5, without: ['witness', 'sealing', 'files', 'side by side'] },
    found: 'who began a case and handed it over in one push was never told that they no longer see it',
  },
  {
    ...{ seed: 26, steps: 60, devices: 5, without: ['witness', 'sealing', 'files', 'side by side'] },
    found: 'a case that a restored service handed over in one breath stayed on laptops of intake',
  },
  {
    ...{ seed: 102, steps: 60, devices: 5, without: ['witness', 'sealing', 'files', 'side by side'] },
    found: 'a laptop that was set back beside a restored service lost changes',
  },
];
