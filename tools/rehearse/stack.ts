/** What a rehearsal runs on: a real PostgreSQL, the settings all tasks share, and devices of one organisation. */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Admin } from '../../server/admin/admin.ts';
import { openAdmin } from '../../server/admin/openAdmin.ts';
import { parseConfig } from '../../server/config.ts';
import { prepareDatabase } from '../../server/db/prepare.ts';
import { Laptop } from '../../server/testing/laptop.ts';
import { type RunningPostgres, startPostgres } from '../support/postgres.ts';
import { LoadDevice } from './device.ts';
import type { TaskSettings } from './task.types.ts';

export interface Stack {
  /** Connection of the schema's owner. */
  readonly ownerUrl: string;
  readonly settings: TaskSettings;
  readonly epoch: string;
  /** Where PostgreSQL keeps everything. */
  readonly dataDir: string;
  /** New devices that ask at that port, each of a person of its own, a hundred to an organisation. */
  devices(count: number, port: number): Promise<readonly LoadDevice[]>;
  /** Ends PostgreSQL as a failing machine does, without a word, and starts it again after a while. */
  failDatabase(awayMs: number): Promise<void>;
  close(): Promise<void>;
}

export interface StackOptions {
  /** Waits for the disk at every commit, and survives a crash; without it everything is faster and lost at one. */
  readonly isDurable: boolean;
  readonly poolSize?: number;
}

export async function startStack({ isDurable, poolSize = 10 }: StackOptions): Promise<Stack> {
  const folder = await mkdtemp(join(tmpdir(), 'tma-rehearse-'));
  const dataDir = join(folder, 'postgres');
  const startDatabase = () => startPostgres({ dataDir, ephemeral: !isDurable });
  let postgres: RunningPostgres = await startDatabase();
  const { databaseUrl } = await prepareDatabase({
    ownerUrl: postgres.url,
    servicePassword: 'for-this-rehearsal-only',
  });
  const keysDir = join(folder, 'keys');
  const epoch = randomUUID();
  const config = parseConfig({
    databaseUrl,
    keysDir,
    secrets: { signingSeed: randomBytes(32).toString('base64'), epoch },
  });
  const { admin, close: closeAdmin } = await openAdmin(config);
  return {
    ownerUrl: postgres.url,
    settings: { databaseUrl, keysDir, poolSize, signingSeed: config.secrets?.signingSeed ?? '', epoch },
    epoch,
    dataDir,
    async devices(count, port) {
      const sizes = Array.from({ length: Math.ceil(count / perTenant) }, (_, at) =>
        Math.min(perTenant, count - at * perTenant),
      );
      const made: LoadDevice[] = [];
      // Two at a time, as many as administration has connections.
      const fill = async () => {
        for (let size = sizes.pop(); size !== undefined; size = sizes.pop())
          made.push(...(await inTenant(admin, { size, port, epoch })));
      };
      await Promise.all([fill(), fill()]);
      return made;
    },
    async failDatabase(awayMs) {
      await postgres.crash();
      await new Promise((resume) => setTimeout(resume, awayMs));
      postgres = await startDatabase();
    },
    async close() {
      await closeAdmin();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const perTenant = 100;

async function inTenant(
  admin: Admin,
  { size, port, epoch }: { readonly size: number; readonly port: number; readonly epoch: string },
): Promise<readonly LoadDevice[]> {
  const tenant = await admin.createTenant({ name: 'Rehearsal' });
  const made: LoadDevice[] = [];
  for (let at = 0; at < size; at++) {
    const user = await admin.createUser({ tenant, name: `Person ${at}`, role: 'specialist' });
    const laptop = new Laptop(`http://127.0.0.1:${port}`);
    laptop.device = await admin.registerDevice({
      tenant,
      user,
      label: 'Laptop',
      publicKey: laptop.publicKey,
    });
    laptop.user = user;
    made.push(new LoadDevice(laptop, { port, epoch }));
  }
  return made;
}
