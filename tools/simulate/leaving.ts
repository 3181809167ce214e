/** A laptop that has heard that it is taken back: what becomes of it, of its cases, and of what it had not sent. */
import { contentsOf, excuseGone } from './contents.ts';
import type { SimLaptop } from './laptop.ts';
import type { Trouble } from './line.ts';
import { outboxOf } from './look.ts';
import type { World } from './world.ts';

/** Tried again at its next contact, where it could not be done. */
export async function leave(world: World, laptop: SimLaptop): Promise<void> {
  const own = await outboxOf(laptop);
  const canSeal = ((await laptop.core.log.get('escrow')) ?? null) !== null;
  if (!(await leaveInTrouble(world, laptop))) return;
  world.story.push(`${laptop.name} is emptied`);
  await laptop.destroy();
  laptop.fate = 'gone';
  const somewhere = await contentsOf(world);
  for (const { ids, status, caseId } of own) {
    const isKept = ids.some((id) => somewhere.has(id) || world.excused.has(id));
    if (canSeal && status === 'pending' && !isKept)
      world.violate('what was not sent is sealed', `${laptop.name}: ${ids.join()} of case ${caseId}`);
  }
  // What only it held of others, and all of its own where the organisation has no key to seal to.
  await excuseGone(world);
}

/** The line and the power fail while it is emptied, too. */
async function leaveInTrouble(world: World, laptop: SimLaptop): Promise<boolean> {
  const { aside, story } = world;
  laptop.line.count = 0;
  if (aside.is(40)) {
    const trouble: Trouble = aside.is(50)
      ? { what: aside.is(50) ? 'request-lost' : 'answer-lost' }
      : {
          what: 'service-crash',
          fault: { at: aside.between(1, 28), when: aside.is(50) ? 'before' : 'after' },
        };
    story.push(`${laptop.name} leaves: ${trouble.what}`);
    laptop.line.trouble = new Map([[aside.between(1, 2), trouble]]);
  }
  if (aside.is(25))
    laptop.power.fault = { at: aside.between(1, 40), when: aside.is(50) ? 'before' : 'after' };
  const isOver = await laptop.leave();
  laptop.line.trouble = new Map();
  if (!laptop.power.isOff) {
    laptop.power.fault = undefined;
    return isOver;
  }
  story.push(`${laptop.name} had no power any more and starts again`);
  await laptop.restart();
  return false;
}
