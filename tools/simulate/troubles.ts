/** What happens to the requests of one exchange, and what people do meanwhile. */
import { createPusher } from '../../electron/core/sync/push.ts';
import { nodeCrypto } from '../../platform/crypto.ts';
import { doing, exchange, idsOf } from './acts.ts';
import { work } from './edits.ts';
import type { SimLaptop } from './laptop.ts';
import type { Trouble } from './line.ts';
import { present, type World } from './world.ts';

/** By the number of the request. */
export function troubles(world: World, laptop: SimLaptop): ReadonlyMap<number, Trouble> {
  const { chance } = world;
  const one = (): Trouble => {
    const at = chance.between(1, 28);
    switch (chance.between(1, 7)) {
      case 1:
        return { what: 'request-lost' };
      case 2:
        return { what: 'answer-lost' };
      case 3:
        return { what: 'repeated' };
      case 4:
        return { what: 'late', meanwhile: () => goOnWorking(world, laptop) };
      case 5:
        return { what: 'held', at, meanwhile: () => othersWork(world, laptop) };
      default:
        return { what: 'service-crash', fault: { at, when: chance.is(50) ? 'before' : 'after' } };
    }
  };
  const entries: [number, Trouble][] = [[chance.between(2, 4), one()]];
  if (chance.is(30)) entries.push([chance.between(3, 6), one()]);
  return new Map(entries);
}

/** The person writes and the laptop sends while an answer is still under way. */
async function goOnWorking(world: World, laptop: SimLaptop): Promise<void> {
  await work(laptop, world.chance, idsOf(world));
  const trouble = laptop.line.trouble;
  laptop.line.trouble = new Map();
  const pusher = createPusher({
    log: laptop.core.log,
    service: laptop.line,
    signer: laptop.signer,
    serviceKey: world.store.serviceKeys.signer.publicKey,
    crypto: nodeCrypto,
    gather: world.gather,
    onPushed: async () => undefined,
  });
  if (world.chance.is(70)) await pusher.pushAll(world.service.epoch, new AbortController().signal);
  laptop.line.trouble = trouble;
}

/** While one request stands still in the middle of its transaction. */
async function othersWork(world: World, laptop: SimLaptop): Promise<void> {
  const others = present(world).filter((one) => one !== laptop);
  for (const other of [world.chance.pick(others), world.chance.pick(others)]) {
    other.line.isImpatient = true;
    await doing(world, other, 'meanwhile works', () => work(other, world.chance, idsOf(world)));
    await exchange(world, other, new Map());
    other.line.isImpatient = false;
  }
  await work(laptop, world.chance, idsOf(world));
}
