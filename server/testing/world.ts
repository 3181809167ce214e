/** A running service with a tenant and its people, for tests. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OrgRole } from '../../shared/domain/people.ts';
import type { TenantId, UserId } from '../../shared/ids.ts';
import type { ServiceConfigInput } from '../config.ts';
import { prepareDatabase } from '../db/prepare.ts';
import { type Service, type ServiceDeps, startService } from '../start.ts';
import { Laptop } from './laptop.ts';
import { Reader } from './reader.ts';

export interface World {
  service: Service;
  readonly tenant: TenantId;
  readonly ownerUrl: string;
  readonly databaseUrl: string;
  readonly keysDir: string;
  person(name: string, role?: OrgRole, tenant?: TenantId): Promise<UserId>;
  /** A new person with an enrolled laptop. */
  laptop(name: string, role?: OrgRole, tenant?: TenantId): Promise<Laptop>;
  laptopOf(user: UserId, tenant?: TenantId): Promise<Laptop>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface WorldOptions {
  /** Connection string of the owner of an empty database. */
  readonly ownerUrl: string;
  readonly config?: Partial<ServiceConfigInput>;
  readonly deps?: ServiceDeps;
}

export async function startWorld({ ownerUrl, config, deps }: WorldOptions): Promise<World> {
  const { databaseUrl } = await prepareDatabase({ ownerUrl, servicePassword: 'for-this-test-only' });
  const keysDir = await mkdtemp(join(tmpdir(), 'tma-keys-'));
  const settings = { databaseUrl, keysDir, logLevel: 'silent', enrolPerMinute: 1_000, ...config } as const;
  const start = () => startService(settings, deps);
  const service = await start();
  const tenant = await service.admin.createTenant({ name: 'Muster AG' });
  const world: World = {
    service,
    tenant,
    ownerUrl,
    databaseUrl,
    keysDir,
    person: (name, role = 'specialist', of = tenant) =>
      world.service.admin.createUser({ tenant: of, name, role }),
    async laptop(name, role = 'specialist', of = tenant) {
      return world.laptopOf(await world.person(name, role, of), of);
    },
    async laptopOf(user, of = tenant) {
      const laptop = new Laptop(world.service.url);
      const { code } = await world.service.admin.mintCode({ tenant: of, user });
      await laptop.enrol(code);
      return laptop;
    },
    async restart() {
      await world.service.stop();
      world.service = await startService({ ...settings, port: world.service.port }, deps);
    },
    async stop() {
      await world.service.stop();
      await rm(keysDir, { recursive: true, force: true });
    },
  };
  return world;
}

/** Everything a person may see, read and checked page by page from the beginning. */
export async function readAll(laptop: Laptop, world: World, maxBytes = 1024 * 1024): Promise<Reader> {
  const { epoch, publicKey } = world.service;
  const hello = await laptop.hello();
  const reader = new Reader(hello.body.directory, publicKey);
  let userCursor = 0;
  for (;;) {
    const { body, status } = await laptop.pull(epoch, { cursors: reader.cursors, userCursor, maxBytes });
    if (status !== 200) throw new Error(`pull failed: ${body.code}`);
    userCursor = body.events.at(-1)?.position ?? userCursor;
    for (const page of body.cases) reader.read(page);
    if (!body.more) return reader;
  }
}
