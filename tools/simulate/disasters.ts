/** What takes something away: laptops lost, set back or cloned, and the service restored to an earlier time. */
import { doing, exchange, idsOf } from './acts.ts';
import { backUp, restore } from './backup.ts';
import { excuseGone } from './contents.ts';
import { work } from './edits.ts';
import type { SimLaptop } from './laptop.ts';
import { casesOf } from './look.ts';
import type { World } from './world.ts';

/** Stolen, burnt: what it had not sent is gone; its person gets another one. */
export async function lose(world: World, laptop: SimLaptop): Promise<void> {
  const person = personOf(world, laptop);
  if (person === undefined) return;
  world.story.push(`${laptop.name} is lost`);
  for (const one of await withdraw(world, laptop)) one.fate = 'gone';
  await excuseGone(world);
  await world.addLaptop(person);
}

/** Lost as well, but it comes online again: then it is to be emptied, and hands in what it had not sent. */
export async function recall(world: World, laptop: SimLaptop): Promise<void> {
  const person = personOf(world, laptop);
  if (person === undefined) return;
  world.story.push(`${laptop.name} is taken back`);
  for (const one of await withdraw(world, laptop)) if (one.fate === 'working') one.fate = 'recalled';
  await world.addLaptop(person);
}

const personOf = ({ people }: World, { owner }: SimLaptop) => people.find(({ id }) => id === owner.userId);

/** @returns the laptop, its copies, and what followed it under new ids: they go with it. */
async function withdraw(world: World, laptop: SimLaptop): Promise<readonly SimLaptop[]> {
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
  return world.laptops.filter(({ owner }) => withdrawn.has(owner.deviceId));
}

/** The laptop is restored from a backup that was taken some steps ago. */
export async function setBack(world: World, laptop: SimLaptop): Promise<void> {
  const backup = `${laptop.folder}-backup`;
  laptop.copyTo(backup);
  for (let i = 0; i < 3; i++)
    await doing(world, laptop, 'works on', () => work(laptop, world.chance, idsOf(world)));
  if (world.chance.is(60)) await exchange(world, laptop, new Map());
  if (laptop.fate === 'gone') return;
  world.story.push(`${laptop.name} is set back`);
  await laptop.startFrom(backup);
  await world.sweep(laptop);
  await excuseGone(world);
}

export async function clone(world: World, laptop: SimLaptop): Promise<void> {
  const person = personOf(world, laptop);
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
