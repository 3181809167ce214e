/** One run: a seed, so many steps of work and trouble, then peace, then what has to hold. */
import { createPusher } from '../../electron/core/sync/push.ts';
import { nodeCrypto } from '../../platform/crypto.ts';
import { doing, exchange, idsOf, present } from './acts.ts';
import { clone, lose, loseTime, setBack } from './disasters.ts';
import { retitleAll, takeReport, work } from './edits.ts';
import { checkAll } from './invariants.ts';
import type { SimLaptop } from './laptop.ts';
import { lieKinds, prepareLie } from './lies.ts';
import type { Trouble } from './line.ts';
import type { Store } from './store.ts';
import { openWorld, type Violation, type World } from './world.ts';

export interface RunOptions {
  readonly store: Store;
  readonly template: string;
  readonly seed: number;
  readonly steps: number;
  readonly devices: number;
}

export interface RunResult {
  readonly violations: readonly Violation[];
  readonly story: readonly string[];
  readonly changes: number;
  readonly cases: number;
}

export async function run(options: RunOptions): Promise<RunResult> {
  const world = await openWorld(options);
  try {
    for (const laptop of world.laptops.slice(0, 2))
      await doing(world, laptop, 'reports', () => takeReport(laptop, world.chance));
    for (let step = 0; step < options.steps && world.violations.length === 0; step++) await takeStep(world);
    if (world.violations.length === 0) await makePeace(world);
    const { violations, story, committed } = world;
    return { violations, story, changes: committed.size, cases: new Set(committed.values()).size };
  } finally {
    await world.close();
  }
}

async function takeStep(world: World): Promise<void> {
  const { chance, service } = world;
  const laptop = chance.pick(present(world));
  service.nowMs += chance.between(1, 20 * 60_000);
  const kind = chance.between(1, 1000);
  if (kind <= 60) await doing(world, laptop, 'reports', () => takeReport(laptop, chance));
  else if (kind <= 480) await doing(world, laptop, 'works', () => work(laptop, chance, idsOf(world)));
  else if (kind <= 600) await exchange(world, laptop, new Map());
  else if (kind <= 640) await crossPaths(world, laptop);
  else if (kind <= 800) await exchange(world, laptop, troubles(world, laptop));
  else if (kind <= 860) await crash(world, laptop);
  else if (kind <= 900) await restart(world, laptop);
  else if (kind <= 925) skew(world, laptop);
  else if (kind <= 945) await beLiedTo(world, laptop);
  else if (kind <= 973) await loseTime(world);
  else if (kind <= 982) await lose(world, laptop);
  else if (kind <= 992) await setBack(world, laptop);
  else await clone(world, laptop);
}

function troubles(world: World, laptop: SimLaptop): ReadonlyMap<number, Trouble> {
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

/** Two people write to the same records; the news of the one arrive while the other is writing. */
async function crossPaths(world: World, laptop: SimLaptop): Promise<void> {
  const { chance } = world;
  const other = chance.pick(present(world));
  await doing(world, other, 'gives titles', () => retitleAll(other, chance));
  await exchange(world, other, new Map());
  const late = { what: 'late', meanwhile: () => retitleAll(laptop, chance) } as const;
  await exchange(world, laptop, new Map([2, 3, 4].map((at) => [at, late])));
}

/** The power of the laptop goes at some statement of its work. */
async function crash(world: World, laptop: SimLaptop): Promise<void> {
  const { chance } = world;
  const fault = { at: chance.between(1, 60), when: chance.is(50) ? 'before' : 'after' } as const;
  await doing(world, laptop, `loses power ${fault.when} ${fault.at}`, async () => {
    laptop.power.fault = fault;
    if (chance.is(50)) await work(laptop, chance, idsOf(world));
    if (!laptop.power.isOff) await laptop.exchange();
  });
}

async function restart(world: World, laptop: SimLaptop): Promise<void> {
  await doing(world, laptop, 'starts again', () => laptop.restart());
}

const yearMs = 365 * 24 * 3_600_000;

function skew({ chance, service, story }: World, laptop: SimLaptop): void {
  if (chance.is(15)) {
    const backMs = chance.between(1, 3_600_000);
    service.nowMs -= backMs;
    story.push(`the service's clock goes back by ${backMs} ms`);
    return;
  }
  laptop.skewMs = chance.pick([0, 1, -1, chance.next() * 2 - 1, 0.0001]) * yearMs;
  laptop.skewMs = Math.round(laptop.skewMs);
  story.push(`${laptop.name}'s clock is off by ${laptop.skewMs} ms`);
}

const tamperCodes = [
  'service.log-contradicts',
  'service.answer-invalid',
  'change.signature-invalid',
  'change.malformed',
];

async function beLiedTo(world: World, laptop: SimLaptop): Promise<void> {
  const lie = prepareLie(world.store, world.chance.pick(lieKinds), world.chance);
  const { deviceId } = laptop.owner;
  await doing(world, laptop, `is told a lie (${lie.kind})`, async () => {
    world.service.twist = (answer) => lie.tell(answer);
    try {
      await laptop.exchange();
    } finally {
      world.service.twist = undefined;
    }
  });
  // Who goes on as another device asks once more, and is told the truth.
  if (lie.told === undefined || laptop.owner.deviceId !== deviceId) return;
  if (lie.kind === 'forked') world.forked.add(`${laptop.name} ${lie.told}`);
  else if (!tamperCodes.includes(laptop.lastError ?? ''))
    world.violate(
      'tampering is detected',
      `${laptop.name} took a page that was ${lie.kind} (${laptop.lastError})`,
    );
}

const mostRounds = 12;

/** No more trouble: everybody exchanges until nothing moves, which must come soon and by itself. */
async function makePeace(world: World): Promise<void> {
  world.story.push('peace');
  world.service.nowMs += 24 * 3_600_000;
  let last = '';
  for (let round = 1; round <= mostRounds && world.violations.length === 0; round++) {
    for (const laptop of present(world)) await exchange(world, laptop, new Map());
    const state = await stateOf(world);
    if (state === last) return checkAll(world);
    last = state;
  }
  if (world.violations.length === 0)
    world.violate('drains by itself', `still moving after ${mostRounds} rounds`);
}

async function stateOf(world: World): Promise<string> {
  const cursors = await Promise.all(
    present(world).map(async ({ core }) => {
      const { unsent } = await core.log.state();
      const all = [...(await core.log.cursors())].map(([id, { position }]) => `${id}@${position}`);
      return `${unsent} ${all.sort().join()}`;
    }),
  );
  return cursors.join('|');
}
