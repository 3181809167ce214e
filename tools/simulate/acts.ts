/** What everything in a run is made of: somebody does something on a laptop, or lets it exchange. */
import { Crash } from './gate.ts';
import { checkShown } from './invariants.ts';
import type { SimLaptop } from './laptop.ts';
import { leave } from './leaving.ts';
import type { Trouble } from './line.ts';
import type { World } from './world.ts';

export const idsOf = ({ people }: World) => people.map(({ id }) => id);

/** Does something on a laptop, notes what it committed, and looks whether it shows what it holds. */
export async function doing(
  world: World,
  laptop: SimLaptop,
  what: string,
  act: () => Promise<void>,
): Promise<void> {
  if (laptop.fate === 'gone') return;
  world.story.push(`${laptop.name} ${what}`);
  try {
    await act();
  } catch (thrown) {
    if (!(thrown instanceof Crash)) world.violate('no defects', `${laptop.name} ${what}: ${stackOf(thrown)}`);
  }
  if (laptop.power.isOff) {
    world.story.push(`${laptop.name} had no power any more and starts again`);
    await laptop.restart();
  }
  laptop.power.fault = undefined;
  await world.sweep(laptop);
  await checkShown(world, laptop, what);
}

function stackOf(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
}

export async function exchange(
  world: World,
  laptop: SimLaptop,
  trouble: ReadonlyMap<number, Trouble>,
): Promise<void> {
  const what = [...trouble].map(
    ([at, one]) =>
      `${at}: ${one.what}${'fault' in one ? ` ${one.fault.when} ${one.fault.at}` : ''}${one.what === 'held' ? ` ${one.at}` : ''}`,
  );
  await doing(world, laptop, `exchanges ${what.join(', ')}`, async () => {
    laptop.line.trouble = trouble;
    laptop.line.count = 0;
    await laptop.exchange();
    laptop.line.trouble = new Map();
  });
  const isTakenBack = laptop.fate !== 'gone' && laptop.lastError === 'auth.device-revoked';
  if (isTakenBack) await leave(world, laptop);
}
