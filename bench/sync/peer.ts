/** What PouchDB needs for the same. */
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { peakMiB, secondsOf } from '../service/processor.ts';
import { startMeter } from './meter.ts';
import { type Measured, pass } from './ours.ts';
import type { PouchOrder } from './pouch.ts';
import { type Child, startChild } from './process.ts';
import type { Size, Weighed } from './workload.ts';

export async function measurePeer(folder: string, size: Size): Promise<Measured> {
  const server = await startChild('pouchServer.ts', await mkdtemp(join(folder, 'pouch-server-')));
  const meter = await startMeter(Number(server.said));
  const children: Child<PouchOrder>[] = [];
  const sit = async () => {
    const own = await mkdtemp(join(folder, 'pouch-'));
    const child = await startChild<PouchOrder>('pouch.ts', own, `http://127.0.0.1:${meter.port}/cases`);
    children.push(child);
    return child;
  };
  try {
    const servers = {
      seconds: async () => ({ all: await secondsOf(server.pid), database: 0 }),
      peakMiB: () => peakMiB(server.pid),
    };
    const a = await sit();
    await a.do({ name: 'write', ...size });
    const push = await pass<PouchOrder>(a, { name: 'push' }, { meter, servers });
    const { rawBytes, packedBytes } = (await a.do({ name: 'weigh' })).told as Weighed; // its own answer
    await a.end();
    const b = await sit();
    const first = await pass<PouchOrder>(b, { name: 'first' }, { meter, servers });
    const count = size.cases * size.changesPerCase;
    if (push.changes !== count || first.changes !== count) throw new Error('the peer lost something');
    const rawBytesPerChange = push.bytesUp / push.changes;
    const packedBytesPerChange = rawBytesPerChange * (packedBytes / rawBytes);
    return { push, first, rawBytesPerChange, packedBytesPerChange };
  } finally {
    await Promise.all(children.map((child) => child.end()));
    meter.close();
    await server.end();
  }
}
