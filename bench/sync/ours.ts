/** What the product needs to push and to sync for the first time. */
import { randomBytes } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { signerFromSeed } from '../../platform/crypto.ts';
import { toBase64Url } from '../../shared/bytes.ts';
import type { UserId } from '../../shared/ids.ts';
import { type RealService, startRealService } from '../../tools/support/real-service.ts';
import { peakMiB, secondsOf, secondsOfTree } from '../service/processor.ts';
import type { LaptopOrder, LaptopSetting } from './laptop.ts';
import { type Meter, startMeter } from './meter.ts';
import { type Child, startChild } from './process.ts';
import type { Size, Weighed } from './workload.ts';

/** One way of a bulk of changes. */
export interface Passage {
  readonly changes: number;
  readonly seconds: number;
  readonly perSecond: number;
  /** Of client, server and database together. */
  readonly cpuSeconds: number;
  readonly clientCpuSeconds: number;
  /** Of the server's database, where that is a program of its own. */
  readonly databaseCpuSeconds: number;
  readonly clientPeakMiB: number;
  readonly serverPeakMiB: number;
  readonly bytesUp: number;
  readonly bytesDown: number;
}

export interface Measured {
  readonly push: Passage;
  readonly first: Passage;
  /** Of a push, per change: the bodies as they are and as they are after gzip level 4. */
  readonly rawBytesPerChange: number;
  readonly packedBytesPerChange: number;
}

/** How much the servers of one pair have used so far. */
export interface Servers {
  /** On the processor: all of them, and the database among them. */
  seconds(): Promise<{ readonly all: number; readonly database: number }>;
  peakMiB(): Promise<number>;
}

export async function pass<O>(
  child: Child<O>,
  order: O,
  by: { meter: Meter; servers: Servers },
): Promise<Passage> {
  const { meter, servers } = by;
  const [before, up, down] = [await servers.seconds(), meter.bytes.up, meter.bytes.down];
  const { seconds, cpuSeconds, peakMiB, told } = await child.do(order);
  const after = await servers.seconds();
  const changes = Number(told);
  return {
    ...{ changes, seconds, perSecond: changes / seconds },
    ...{ cpuSeconds: cpuSeconds + after.all - before.all, clientCpuSeconds: cpuSeconds },
    databaseCpuSeconds: after.database - before.database,
    ...{ clientPeakMiB: peakMiB, serverPeakMiB: await servers.peakMiB() },
    ...{ bytesUp: meter.bytes.up - up, bytesDown: meter.bytes.down - down },
  };
}

export async function measureOurs(folder: string, size: Size): Promise<Measured> {
  const service = await startRealService({ isDurable: true });
  const meter = await startMeter(service.port);
  const children: Child<LaptopOrder>[] = [];
  const sit = async (user: UserId) => {
    const child = await startLaptop(await mkdtemp(join(folder, 'laptop-')), {
      service,
      port: meter.port,
      user,
    });
    children.push(child);
    return child;
  };
  try {
    const { service: task, database } = await service.pids();
    const servers = {
      async seconds() {
        const ofDatabase = await secondsOfTree(database);
        return { all: (await secondsOf(task)) + ofDatabase, database: ofDatabase };
      },
      peakMiB: () => peakMiB(task),
    };
    const user = await service.addPerson('Anna');
    const a = await sit(user);
    await a.do({ name: 'write', ...size });
    const { rawBytes, packedBytes, changes } = (await a.do({ name: 'weigh' })).told as Weighed; // its own answer
    const push = await pass<LaptopOrder>(a, { name: 'sync' }, { meter, servers });
    await a.end();
    const b = await sit(user);
    const first = await pass<LaptopOrder>(b, { name: 'sync' }, { meter, servers });
    if (first.changes !== push.changes) throw new Error('a laptop has another log than the other');
    return {
      push,
      first,
      rawBytesPerChange: rawBytes / changes,
      packedBytesPerChange: packedBytes / changes,
    };
  } finally {
    await Promise.all(children.map((child) => child.end()));
    meter.close();
    await service.close();
  }
}

interface Seat {
  readonly service: RealService;
  readonly port: number;
  readonly user: UserId;
}

async function startLaptop(folder: string, { service, port, user }: Seat): Promise<Child<LaptopOrder>> {
  const seed = randomBytes(32);
  const setting: LaptopSetting = {
    folder,
    seed: seed.toString('hex'),
    service: { url: `https://localhost:${port}`, caPem: service.caPem },
    owner: {
      deviceId: await service.register(user, signerFromSeed(seed).publicKey),
      deviceLabel: 'Laptop',
      userId: user,
      userName: 'Anna',
      userRole: 'specialist',
      tenantId: service.tenant,
      tenantName: 'Nordwerk',
      serviceKey: toBase64Url(service.publicKey),
    },
  };
  return startChild<LaptopOrder>('laptop.ts', JSON.stringify(setting));
}
