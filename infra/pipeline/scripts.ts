/**
 * What the build steps run. The scripts are read into the template, so changing one is a deployment of the workshop by
 * a person, not a commit. `scripts.test.ts` runs them against stand-ins for the tools they call.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Scripts of `scripts/` that each step runs, one after the other in one shell. */
const parts = {
  test: ['test'],
  synth: ['synth'],
  image: ['image'],
  migrate: ['stage', 'migrate'],
  smoke: ['stage', 'smoke'],
} as const satisfies Record<string, readonly string[]>;
export type StepName = keyof typeof parts;

/** One shell script that ends at the first command that fails. */
export function scriptOf(step: StepName): string {
  const texts = parts[step].map((name) =>
    readFileSync(join(import.meta.dirname, 'scripts', `${name}.sh`), 'utf8'),
  );
  return ['set -euo pipefail\n', ...texts].join('\n').trimEnd();
}
