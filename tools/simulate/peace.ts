/** The end of a run: no more trouble, and everything has to come right by itself. */
import { exchange } from './acts.ts';
import { carryFiles, checkFiles, unsentFiles } from './files.ts';
import { checkAll } from './invariants.ts';
import type { SimLaptop } from './laptop.ts';
import { heldOf } from './look.ts';
import { present, type World } from './world.ts';

const mostRounds = 12;

/** No more trouble: everybody exchanges until nothing moves, which must come soon and by itself. */
export async function makePeace(world: World): Promise<void> {
  world.story.push('peace');
  world.service.nowMs += 24 * 3_600_000;
  if (world.has('witness')) await world.service.bearWitness();
  const rested = new Map<SimLaptop, string>();
  let last = '';
  for (let round = 1; round <= mostRounds && world.violations.length === 0; round++) {
    for (const laptop of present(world)) await settle(world, laptop, rested);
    const state = await stateOf(world);
    if (state === last) {
      await checkAll(world);
      return checkFiles(world);
    }
    last = state;
  }
  if (world.violations.length === 0)
    world.violate('drains by itself', `still moving after ${mostRounds} rounds`);
}

/** Who has nothing left to do, and of whom nobody wants anything since, is not asked again. */
async function settle(world: World, laptop: SimLaptop, rested: Map<SimLaptop, string>): Promise<void> {
  if (rested.get(laptop) === (await serviceState(world))) return;
  await exchange(world, laptop, new Map());
  if (laptop.fate === 'gone') return;
  await carryFiles(world, laptop, true);
  const isAtRest =
    laptop.lastError === undefined &&
    (await laptop.core.log.state()).unsent === 0 &&
    (await unsentFiles(laptop)) === 0 &&
    (await heldOf(laptop)).length === 0;
  if (isAtRest) rested.set(laptop, await serviceState(world));
}

/** Changes with everything that a laptop could hear of. */
async function serviceState({ store, service }: World): Promise<string> {
  const [row] = await store.inspect<{ state: string }>(
    `select (select count(*) from changes where tenant_id = $1) || ' ' ||
      (select count(*) from user_log where tenant_id = $1) || ' ' ||
      (select count(*) || ' ' || count(quarantined_at) || ' ' || count(revoked_at) from devices
        where tenant_id = $1) as state`,
    [service.tenant],
  );
  return row?.state ?? '';
}

async function stateOf(world: World): Promise<string> {
  const cursors = await Promise.all(
    present(world).map(async (laptop) => {
      const { core } = laptop;
      const { unsent } = await core.log.state();
      const all = [...(await core.log.cursors())].map(([id, { position }]) => `${id}@${position}`);
      return `${unsent} ${await unsentFiles(laptop)} ${all.sort().join()}`;
    }),
  );
  return cursors.join('|');
}
