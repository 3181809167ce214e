/** What takes something away: laptops lost, set back or cloned, and the service restored to an earlier time. */
import { doing, exchange, idsOf, present } from './acts.ts';
import { backUp, restore } from './backup.ts';
import { work } from './edits.ts';
import type { SimLaptop } from './laptop.ts';
import { casesOf, changesIn, idsIn } from './look.ts';
import type { World } from './world.ts';

/** Stolen, burnt: what it had not sent is gone; its person gets another one. */
export async function lose(world: World, laptop: SimLaptop): Promise<void> {
  const person = world.people.find(({ id }) => id === laptop.owner.userId);
  if (person === undefined) return;
  world.story.push(`${laptop.name} is lost`);
  const { tenant } = world.service;
  const ids = {
    nowMs: () => world.service.nowMs,
    randomBytes: (length: number) => world.chance.bytes(length),
  };
  await world.store.admin(ids).revokeDevice(tenant, laptop.owner.deviceId);
  const revoked = await world.store.inspect<{ device_id: string }>(
    'select device_id from devices where tenant_id = $1 and revoked_at is not null',
    [tenant],
  );
  const withdrawn = new Set(revoked.map((row) => row.device_id));
  // Copies of it, and what followed it under new ids, go with it.
  for (const one of world.laptops) if (withdrawn.has(one.owner.deviceId)) one.fate = 'gone';
  await excuseGone(world);
  await world.addLaptop(person);
}

/** What no laptop and no log has any more is lost with what held it. */
async function excuseGone(world: World): Promise<void> {
  const { store, service, committed, excused } = world;
  const rows = await store.inspect<{ head: string }>('select head from changes where tenant_id = $1', [
    service.tenant,
  ]);
  const somewhere = new Set(rows.flatMap((row) => idsIn(row.head)));
  for (const laptop of present(world)) for (const id of await changesIn(laptop)) somewhere.add(id);
  for (const id of committed.keys()) if (!somewhere.has(id)) excused.add(id);
}

/** The laptop is restored from a backup that was taken some steps ago. */
export async function setBack(world: World, laptop: SimLaptop): Promise<void> {
  const backup = `${laptop.folder}-backup`;
  laptop.copyTo(backup);
  for (let i = 0; i < 3; i++)
    await doing(world, laptop, 'works on', () => work(laptop, world.chance, idsOf(world)));
  if (world.chance.is(60)) await exchange(world, laptop, new Map());
  world.story.push(`${laptop.name} is set back`);
  await laptop.startFrom(backup);
  await world.sweep(laptop);
  await excuseGone(world);
}

export async function clone(world: World, laptop: SimLaptop): Promise<void> {
  const person = world.people.find(({ id }) => id === laptop.owner.userId);
  if (person === undefined || (await casesOf(laptop)).length === 0) return;
  const folder = `${laptop.folder}-image`;
  laptop.copyTo(folder);
  world.story.push(`${laptop.name} is cloned`);
  await world.addLaptop(person, folder);
}

/** A backup of the service, or a restore of the last one: laptops meet a new epoch, and a shorter log. */
export async function loseTime(world: World): Promise<void> {
  const { store, service, chance, story } = world;
  if (world.backup === undefined || chance.is(35)) {
    world.backup = await backUp(store, service.tenant);
    story.push('the service is backed up');
    return;
  }
  await restore(store, service.tenant, world.backup);
  service.epoch += ' again';
  story.push('the service is restored');
  await excuseGone(world);
}
