/**
 * From one laptop to another through the service, everything real: encrypted vaults, signed segments, TLS 1.3,
 * PostgreSQL. Prints changes per second of a push and of a first sync, and bytes on the wire per change.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { appendOwnChanges } from '../electron/core/storage/ownChanges.ts';
import { type Desk, openDesk, synced, takeReport } from '../electron/core/sync/testing.ts';
import { newSigningSeed, signerFromSeed } from '../platform/crypto.ts';
import { toBase64Url } from '../shared/bytes.ts';
import { newId, type RecordId, type UserId } from '../shared/ids.ts';
import { type RealService, startRealService } from '../tools/support/real-service.ts';

const cases = Number(process.argv[2] ?? 100);
const changesPerCase = Number(process.argv[3] ?? 200);

/** Counts what passes, in both directions. */
async function meter(port: number) {
  const bytes = { up: 0, down: 0 };
  const server = createServer((laptop) => {
    const service = connect(port, '127.0.0.1');
    laptop.on('data', (part) => {
      bytes.up += part.length;
    });
    service.on('data', (part) => {
      bytes.down += part.length;
    });
    laptop.pipe(service).pipe(laptop);
    for (const end of [laptop, service]) end.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address() as AddressInfo; // a TCP server's address
  return { bytes, url: `https://localhost:${address.port}`, close: () => server.close() };
}

async function sit(folder: string, how: { service: RealService; url: string; user: UserId }): Promise<Desk> {
  const { service, url, user } = how;
  const signer = signerFromSeed(newSigningSeed());
  return openDesk({
    folder: await mkdtemp(join(folder, 'laptop-')),
    name: 'Anna',
    signer,
    service: { url, caPem: service.caPem },
    owner: {
      deviceId: await service.register(user, signer.publicKey),
      deviceLabel: 'Laptop',
      userId: user,
      userName: 'Anna',
      userRole: 'specialist',
      tenantId: service.tenant,
      tenantName: 'Nordwerk',
      serviceKey: toBase64Url(service.publicKey),
    },
  });
}

async function write(desk: Desk): Promise<number> {
  for (let at = 0; at < cases; at++) {
    const caseId = await takeReport(desk, `Meldung ${at}`);
    const drafts = Array.from({ length: changesPerCase - 2 }, (_, n) => ({
      record: newId<RecordId>(desk.workspace.author.ids),
      kind: 'note',
      op: 'create' as const,
      fields: { text: { value: `Notiz ${n} zum Fall ${at}: hat heute wieder angerufen.`, saw: [] } },
    }));
    await desk.vault.write(async (tx) => {
      // One by one: edits of a day are no group.
      for (const draft of drafts)
        await appendOwnChanges(tx, desk.workspace.author, { caseId, drafts: [draft] });
    });
  }
  return (await desk.log.state()).unsent;
}

async function timed(what: string, count: number, work: () => Promise<unknown>): Promise<void> {
  const startMs = performance.now();
  const before = process.cpuUsage();
  await work();
  const seconds = (performance.now() - startMs) / 1_000;
  const { user, system } = process.cpuUsage(before);
  const perSecond = Math.round(count / seconds);
  const busy = ((user + system) / 1e6).toFixed(2);
  console.log(
    `sync: ${what}: ${count} changes, ${perSecond}/s, ${seconds.toFixed(2)} s, laptop busy ${busy} s`,
  );
}

const folder = await mkdtemp(join(tmpdir(), 'tma-bench-sync-'));
const service = await startRealService();
const line = await meter(service.port);
try {
  const user = await service.addPerson('Anna');
  const a = await sit(folder, { service, url: line.url, user });
  const count = await write(a);
  const expectDone = async (desk: Desk) => {
    const view = await synced(desk);
    if (view.state !== 'idle') throw new Error(JSON.stringify(view));
  };
  await timed('push, and own changes back with the log', count, () => expectDone(a));
  console.log(
    `sync: ${(line.bytes.up / count).toFixed(0)} bytes up, ${(line.bytes.down / count).toFixed(0)} down per change`,
  );
  line.bytes.down = 0;
  const b = await sit(folder, { service, url: line.url, user });
  await timed('first sync of another laptop', count, () => expectDone(b));
  console.log(`sync: ${(line.bytes.down / count).toFixed(0)} bytes down per change`);
  console.log(`sync: ${Math.round(process.memoryUsage.rss() / 2 ** 20)} MiB held by this process`);
  await a.close();
  await b.close();
} finally {
  line.close();
  await service.close();
  await rm(folder, { recursive: true, force: true });
}
