/** Work side by side as chance has it: one piece goes on at a time, and at each turn the seed says which. */
import type { Gather } from '../../shared/gather.ts';
import type { Chance } from './random.ts';

export function inTurns(chance: Chance): Gather {
  return async (works) => {
    const waiting: (() => void)[] = [];
    let handBack = () => {};
    const turn = () =>
      new Promise<void>((resume) => {
        waiting.push(resume);
        handBack();
      });
    const ended = Promise.allSettled(
      works.map(async (work) => {
        await turn();
        try {
          await work(turn);
        } finally {
          handBack();
        }
      }),
    );
    while (waiting.length > 0) {
      const [resume] = waiting.splice(chance.between(0, waiting.length - 1), 1);
      await new Promise<void>((back) => {
        handBack = back;
        resume?.();
      });
    }
    for (const end of await ended) if (end.status === 'rejected') throw end.reason;
  };
}
