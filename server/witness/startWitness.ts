import type { ServiceLog } from '../http/logging.ts';
import { keepWitness, type WitnessKeeping } from './keepWitness.ts';

/** Looks so often whether something is due; what could not be done is tried again then. */
const everyMs = 60_000;

/** Keeps the witness from now on; gives the function that ends it, after the work under way. */
export function startWitness(keeping: WitnessKeeping, log: Pick<ServiceLog, 'failure'>): () => Promise<void> {
  let running: Promise<void> | undefined;
  const look = () => {
    running ??= keepWitness(keeping)
      .catch((error: unknown) => log.failure(error))
      .finally(() => {
        running = undefined;
      });
  };
  const timer = setInterval(look, everyMs);
  look();
  return async () => {
    clearInterval(timer);
    await running;
  };
}
