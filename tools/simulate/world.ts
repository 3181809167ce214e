/** Everything of one run: the service, the people, their laptops, what was committed and what is excused. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Owner } from '../../electron/core/storage/meta.ts';
import { openTestVault } from '../../electron/core/storage/testing.ts';
import { newSigningSeed, nodeCrypto, signerFromSeed } from '../../platform/crypto.ts';
import { toBase64Url } from '../../shared/bytes.ts';
import type { OrgRole } from '../../shared/domain/people.ts';
import { type Gather, sideBySide } from '../../shared/gather.ts';
import type { CaseId, UserId } from '../../shared/ids.ts';
import { maxPushBytes } from '../../shared/sync/wire.ts';
import type { Backup } from './backup.ts';
import { type Enrolled, SimLaptop } from './laptop.ts';
import { outboxOf } from './look.ts';
import { type Chance, chanceFrom } from './random.ts';
import { openService, type SimService } from './service.ts';
import type { Store } from './store.ts';
import { inTurns } from './turns.ts';

export interface Person {
  readonly id: UserId;
  readonly name: string;
  readonly role: OrgRole;
}

export interface Violation {
  readonly invariant: string;
  readonly detail: string;
}

/**
 * What was added to the simulation later. Each takes its chances from a stream of its own and can be left out, so that
 * a seed that once found something goes on doing what it did then.
 */
export const features = ['witness', 'sealing', 'files', 'side by side'] as const;
export type Feature = (typeof features)[number];

export interface World {
  readonly store: Store;
  readonly service: SimService;
  readonly chance: Chance;
  /** For what was added later. */
  readonly aside: Chance;
  has(feature: Feature): boolean;
  /** Work side by side, in an order by the seed. */
  readonly gather: Gather;
  readonly people: readonly Person[];
  readonly laptops: SimLaptop[];
  /** Every change that some laptop committed, and in which case. */
  readonly committed: Map<string, CaseId>;
  /** Changes that went with a laptop that was lost or set back before they were sent. */
  readonly excused: Set<string>;
  /** The last backup of the service. */
  backup: Backup | undefined;
  /** Laptops that were told another past of a case, as `name case`. */
  readonly forked: Set<string>;
  readonly violations: Violation[];
  /** What happened, in order. */
  readonly story: string[];
  readonly folder: string;
  violate(invariant: string, detail: string): void;
  /** A new laptop, or one that is a copy of the files in a folder. */
  addLaptop(person: Person, from?: string): Promise<SimLaptop>;
  /** Notes what is in the outbox of a laptop. */
  sweep(laptop: SimLaptop): Promise<void>;
  close(): Promise<void>;
}

export const present = (world: World) => world.laptops.filter(({ fate }) => fate !== 'gone');

const roles: readonly (readonly [string, OrgRole])[] = [
  ['Ida', 'intake'],
  ['Sven', 'specialist'],
  ['Sara', 'specialist'],
  ['Mia', 'member'],
  ['Rolf', 'reviewer'],
];
/** So little in a push that there is often more than one to be sent. */
const pushLimits = { maxChanges: 5, maxBytes: maxPushBytes };
const startMs = Date.UTC(2026, 10, 23, 8);

/** A folder in memory where there is one: what the disk adds to safety is not what is looked at here. */
export async function openFolder(): Promise<string> {
  const base = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  return mkdtemp(join(base, 'tma-simulate-'));
}

/** An empty, migrated vault that every laptop begins with. */
export async function makeTemplate(folder: string): Promise<string> {
  await (await openTestVault(folder)).close();
  return folder;
}

export interface WorldOptions {
  readonly store: Store;
  readonly template: string;
  readonly seed: number;
  readonly devices: number;
  /** Left out of this run. */
  readonly without?: readonly Feature[];
}

export async function openWorld({
  store,
  template,
  seed,
  devices,
  without = [],
}: WorldOptions): Promise<World> {
  const chance = chanceFrom(seed);
  const aside = chanceFrom(~seed);
  const folder = await openFolder();
  let id = 0;
  // Ids are ordered by their time; their chance part is fresh, so that a seed run twice in one database does not
  // meet itself.
  const idClock = {
    nowMs: () => startMs + ++id,
    randomBytes: (length: number) => nodeCrypto.randomBytes(length),
  };
  const admin = store.admin(idClock);
  const tenant = await admin.createTenant({ name: 'Simulation' });
  if (!without.includes('sealing') && aside.is(75))
    await admin.changeSettings(tenant, { escrow: store.escrow.open });
  const people: Person[] = [];
  for (const [name, role] of roles.slice(0, Math.max(2, devices - 1)))
    people.push({ id: await admin.createUser({ tenant, name, role }), name, role });
  const isSideBySide = !without.includes('side by side');
  // A chance of its own: who goes first does not change what happens next.
  const gather = isSideBySide ? inTurns(chanceFrom(seed ^ 0x5eed)) : sideBySide(1);
  const service = openService(store, { tenant, ids: { ...idClock, nowMs: () => startMs }, gather });
  const enrol = async (person: Person, label: string): Promise<Enrolled> => {
    const seed = newSigningSeed();
    const publicKey = toBase64Url(signerFromSeed(seed).publicKey);
    const owner: Owner = {
      deviceId: await admin.registerDevice({ tenant, user: person.id, label, publicKey }),
      deviceLabel: label,
      userId: person.id,
      userName: person.name,
      userRole: person.role,
      tenantId: tenant,
      tenantName: 'Simulation',
      serviceKey: toBase64Url(store.serviceKeys.signer.publicKey),
    };
    return { owner, seed: toBase64Url(seed) };
  };
  const world: World = {
    ...{ store, service, chance, aside, gather, people, folder },
    has: (feature) => !without.includes(feature),
    laptops: [],
    backup: undefined,
    committed: new Map(),
    excused: new Set(),
    forked: new Set(),
    violations: [],
    story: [],
    violate: (invariant, detail) => void world.violations.push({ invariant, detail }),
    async addLaptop(person, from) {
      const label = `${person.name}-${world.laptops.length + 1}`;
      const enrolled = from === undefined ? await enrol(person, label) : undefined;
      const laptop = await SimLaptop.open(
        {
          folder: join(folder, label),
          template,
          name: label,
          ...(enrolled === undefined ? {} : { enrolled }),
          service,
          chance,
          knowsWitness: world.has('witness'),
          gather,
          ...(isSideBySide ? { pushLimits } : {}),
          nowMs: () => service.nowMs,
          onDefect: (thrown) =>
            world.violate(
              'no defects',
              thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown),
            ),
        },
        from,
      );
      world.laptops.push(laptop);
      return laptop;
    },
    async sweep(laptop) {
      for (const { ids, caseId } of await outboxOf(laptop))
        for (const id of ids) world.committed.set(id, caseId);
    },
    async close() {
      for (const laptop of world.laptops) await laptop.core.vault.close().catch(() => undefined);
      await rm(folder, { recursive: true, force: true });
    },
  };
  for (let i = 0; i < devices; i++) await world.addLaptop(people[i % people.length] ?? chance.pick(people));
  return world;
}
