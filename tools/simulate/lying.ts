/** A service that lies to one laptop, and whether that laptop finds out. */
import { fromBase64Url, toBase64Url } from '../../shared/bytes.ts';
import type { CaseId } from '../../shared/ids.ts';
import type { WitnessAnswer } from '../../shared/sync/wire.ts';
import { doing } from './acts.ts';
import type { SimLaptop } from './laptop.ts';
import { lieKinds, prepareLie } from './lies.ts';
import { logOf } from './look.ts';
import type { World } from './world.ts';

const tamperCodes = [
  'service.log-contradicts',
  'service.answer-invalid',
  'change.signature-invalid',
  'change.malformed',
];

export async function beLiedTo(world: World, laptop: SimLaptop): Promise<void> {
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
  if (lie.kind === 'forked') {
    world.forked.add(`${laptop.name} ${lie.told}`);
    if (world.has('witness')) await hearWitness(world, laptop, lie.told);
  } else if (!tamperCodes.includes(laptop.lastError ?? ''))
    world.violate(
      'tampering is detected',
      `${laptop.name} took a page that was ${lie.kind} (${laptop.lastError})`,
    );
}

/** The service keeps to its other past and brings nothing more: the witness alone can tell. */
async function hearWitness(world: World, laptop: SimLaptop, caseId: CaseId): Promise<void> {
  const { service } = world;
  service.nowMs += 61 * 60_000;
  await service.bearWitness();
  service.isSilent = true;
  await askWitness(world, laptop, 'hears the witness');
  service.isSilent = false;
  if (laptop.lastError === undefined && (await isApart(world, laptop, caseId)))
    world.violate('the witness shows a fork', `${laptop.name} does not know that its ${caseId} is another`);
}

/** Whether the log on the laptop is another than the service's. */
async function isApart({ store, service }: World, laptop: SimLaptop, caseId: CaseId): Promise<boolean> {
  const there = await store.inspect<{ running: Buffer }>(
    'select running from changes where tenant_id = $1 and case_id = $2 order by position',
    [service.tenant, caseId],
  );
  const cursor = (await laptop.core.log.cursors([caseId])).get(caseId);
  const at = cursor === undefined ? undefined : there[cursor.position - 1];
  return at !== undefined && toBase64Url(at.running) !== cursor?.running;
}

/** It says something of one case that is not so. */
export async function hearFalseWitness(world: World, laptop: SimLaptop): Promise<void> {
  const { service } = world;
  const { deviceId } = laptop.owner;
  let told: CaseId | undefined;
  const twist = (answer: WitnessAnswer): WitnessAnswer => {
    const [first, ...others] = answer.cases;
    if (first === undefined) return answer;
    told = first.case;
    const { witnessed } = first;
    return {
      cases: [{ ...first, witnessed: { ...witnessed, running: flipped(witnessed.running) } }, ...others],
    };
  };
  service.twistWitness = twist;
  await askWitness(world, laptop, 'hears a false witness');
  service.twistWitness = undefined;
  if (told === undefined || laptop.fate === 'gone' || laptop.owner.deviceId !== deviceId) return;
  const isHere = (await logOf(laptop, told)).length > 0;
  if (isHere && !(await laptop.core.log.contradicted()).includes(told))
    world.violate('tampering is detected', `${laptop.name} believed a false witness (${laptop.lastError})`);
}

async function askWitness(world: World, laptop: SimLaptop, what: string): Promise<void> {
  await doing(world, laptop, what, async () => {
    await laptop.core.log.set('witnessAskedAtMs', 0);
    await laptop.exchange();
  });
}

function flipped(hash: string): string {
  const bytes = fromBase64Url(hash) ?? new Uint8Array(32);
  return toBase64Url(bytes.map((byte, at) => (at === 0 ? byte ^ 1 : byte)));
}
