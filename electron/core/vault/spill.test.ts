/**
 * SQLite's big sorts may spill to a temporary file, which it deletes at once and which is not encrypted. While
 * a query runs, a second thread lists the open files of this process: nothing may have been spilled.
 */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import type { VaultConnection } from './driver.ts';
import { loadableDrivers, temporaryFolder } from './testing.ts';

const watcher = `
  const { readdirSync, readlinkSync } = require('node:fs');
  const { parentPort, workerData } = require('node:worker_threads');
  const stop = new Int32Array(workerData);
  const seen = new Set();
  parentPort.postMessage('watching');
  while (Atomics.load(stop, 0) === 0) {
    for (const fd of readdirSync('/proc/self/fd')) {
      try {
        const target = readlinkSync('/proc/self/fd/' + fd);
        if (target.includes('etilqs') || target.endsWith('(deleted)')) seen.add(target);
      } catch {}
    }
    Atomics.wait(stop, 0, 0, 2);
  }
  parentPort.postMessage([...seen]);
`;

/** The temporary files that were open at any moment while the work ran. */
async function spilledDuring(work: () => Promise<unknown>): Promise<readonly string[]> {
  const stop = new SharedArrayBuffer(4);
  const worker = new Worker(watcher, { eval: true, workerData: stop });
  const next = () => new Promise<unknown>((resolve) => worker.once('message', resolve));
  await next();
  await work();
  const seen = next();
  Atomics.store(new Int32Array(stop), 0, 1);
  return (await seen) as string[];
}

async function bigSort(connection: VaultConnection): Promise<void> {
  await connection.exec('PRAGMA cache_size = 10; PRAGMA cache_spill = 1');
  await connection.get(`
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 150000)
    SELECT count(*) FROM (SELECT hex(randomblob(150)) AS x FROM n ORDER BY x LIMIT -1 OFFSET 1)`);
  await connection.exec(`
    CREATE TEMP TABLE copy AS
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
      SELECT hex(randomblob(500)) AS x FROM n;
    CREATE INDEX temp.by_x ON copy (x);
    DROP TABLE copy`);
}

const drivers = loadableDrivers().map((driver) => [driver.name, driver] as const);

describe.runIf(process.platform === 'linux').each(drivers)('temporary data over %s', (_name, driver) => {
  it('stays in memory', { timeout: 240_000 }, async () => {
    using folder = temporaryFolder();
    const key = { key: Buffer.alloc(32, 1), salt: Buffer.alloc(16, 2) };
    const connection = await driver.open(join(folder.path, 'v.db'), key, { create: true });
    expect(await spilledDuring(() => bigSort(connection))).toEqual([]);
    // The same work with the protection taken away is seen, so the watcher would have noticed.
    await connection.exec('PRAGMA temp_store = FILE');
    expect(await spilledDuring(() => bigSort(connection))).not.toEqual([]);
    await connection.close();
  });
});
