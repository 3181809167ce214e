/** One run: a seed, so many steps of work and trouble, then peace, then what has to hold. */
import { doing, exchange, idsOf } from './acts.ts';
import { clone, lose, loseTime, recall, setBack } from './disasters.ts';
import { retitleAll, takeReport, work } from './edits.ts';
import { addFile, carryFiles, fetchFile } from './files.ts';
import type { SimLaptop } from './laptop.ts';
import { beLiedTo, hearFalseWitness } from './lying.ts';
import { makePeace } from './peace.ts';
import type { Store } from './store.ts';
import { troubles } from './troubles.ts';
import { type Feature, openWorld, present, type Violation, type World } from './world.ts';

export interface RunOptions {
  readonly store: Store;
  readonly template: string;
  readonly seed: number;
  readonly steps: number;
  readonly devices: number;
  readonly without?: readonly Feature[];
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
  } catch (thrown) {
    world.violate('no defects', thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown));
  }
  try {
    const { violations, story, committed } = world;
    return { violations, story, changes: committed.size, cases: new Set(committed.values()).size };
  } finally {
    await world.close();
  }
}

async function takeStep(world: World): Promise<void> {
  const { chance, service } = world;
  await takeSideStep(world);
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

/** What was added later, with chances of its own. */
async function takeSideStep(world: World): Promise<void> {
  const { aside, service, story } = world;
  if (world.has('witness')) {
    if (aside.is(12)) {
      story.push('the witness speaks');
      await service.bearWitness();
    }
    if (aside.is(2)) await hearFalseWitness(world, aside.pick(present(world)));
  }
  if (world.has('files')) {
    if (aside.is(5)) await addFile(world, aside.pick(present(world)));
    if (aside.is(12)) await carryFiles(world, aside.pick(present(world)));
    if (aside.is(6)) await fetchFile(world, aside.pick(present(world)));
  }
  if (world.has('sealing') && aside.is(2)) await recall(world, aside.pick(present(world)));
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
