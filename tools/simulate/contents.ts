/** What was written, wherever its words can still be read: in the log, on a laptop, or in a sealed packet that opens. */
import { readPacketContent } from '../support/open-packet.ts';
import { changesIn, idsIn } from './look.ts';
import { present, type World } from './world.ts';

/** Ids of the changes whose content is somewhere. */
export async function contentsOf(world: World): Promise<ReadonlySet<string>> {
  const { store, service } = world;
  const logged = await store.inspect<{ head: string }>(
    'select head from changes where tenant_id = $1 and length(sealed) > 0',
    [service.tenant],
  );
  const found = new Set(logged.flatMap(({ head }) => idsIn(head)));
  for (const laptop of present(world)) for (const id of await changesIn(laptop)) found.add(id);
  for (const id of await sealedIn(world)) found.add(id);
  return found;
}

/** Of the packets on the service and on laptops, opened with the organisation's private key. */
export async function sealedIn(world: World): Promise<ReadonlySet<string>> {
  const { store, service } = world;
  const texts = await store.inspect<{ text: string }>(
    'select text from sealed_packets where tenant_id = $1',
    [service.tenant],
  );
  const kept = await Promise.all(present(world).map(({ core }) => core.log.packets()));
  const found = new Set<string>();
  for (const { text } of [...texts, ...kept.flat()]) for (const id of opened(world, text)) found.add(id);
  return found;
}

function opened(world: World, text: string): readonly string[] {
  try {
    const { changes } = readPacketContent(text, world.store.escrow.privateKey);
    return changes.flatMap(({ head }) => idsIn(JSON.stringify(head)));
  } catch (thrown) {
    world.violate('a sealed packet opens with the escrow key', String(thrown));
    return [];
  }
}

/** What no laptop and no log has any more is lost with what held it. */
export async function excuseGone(world: World): Promise<void> {
  const somewhere = await contentsOf(world);
  for (const id of world.committed.keys()) if (!somewhere.has(id)) world.excused.add(id);
}
