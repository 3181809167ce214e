/** Leases between a laptop and the real service, and what becomes of a case whose time is over. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { newSigningSeed, signerFromSeed, systemIds } from '../../../platform/crypto.ts';
import { fromBase64Url, toBase64Url } from '../../../shared/bytes.ts';
import { type CaseId, type LeaseId, newId } from '../../../shared/ids.ts';
import { defaultPolicy } from '../../../shared/sync/enrolment.ts';
import { readPacketContent } from '../../../tools/support/open-packet.ts';
import { type RealService, startRealService } from '../../../tools/support/real-service.ts';
import { overCases, standingLeases } from '../storage/leases.ts';
import { readMeta } from '../storage/meta.ts';
import { addNote, caseText, type Desk, eventsOf, openDesk, synced, takeReport, until } from './testing.ts';

const hourMs = 3_600_000;
const holdMs = defaultPolicy.holdHours * hourMs;

let service: RealService;
let owner: pg.Client;
let folder = '';
const desks: Desk[] = [];
const escrow = generateKeyPairSync('x25519');
const privateKey = fromBase64Url(String(escrow.privateKey.export({ format: 'jwk' }).d)) ?? new Uint8Array();
const publicKey = String(escrow.publicKey.export({ format: 'jwk' }).x);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tma-leases-'));
  service = await startRealService();
  await service.admin.changeSettings(service.tenant, { escrow: { keyId: 'safe-1', publicKey } });
  owner = new pg.Client({ connectionString: service.ownerUrl });
  await owner.connect();
});
afterAll(async () => {
  await owner?.end();
  await service?.close();
  await rm(folder, { recursive: true, force: true });
});
afterEach(async () => {
  for (const desk of desks.splice(0)) await desk.close();
});

async function sit(name: string): Promise<Desk> {
  const user = await service.addPerson(name);
  const signer = signerFromSeed(newSigningSeed());
  const desk = await openDesk({
    folder: await mkdtemp(join(folder, 'laptop-')),
    ...{ name, signer },
    service: { url: service.url, caPem: service.caPem },
    owner: {
      deviceId: await service.register(user, signer.publicKey),
      deviceLabel: 'Laptop',
      userId: user,
      userName: name,
      userRole: 'specialist',
      tenantId: service.tenant,
      tenantName: 'Nordwerk',
      serviceKey: toBase64Url(service.publicKey),
    },
  });
  desks.push(desk);
  return desk;
}

/** A case of one's own that the service has. */
async function ownCase(desk: Desk): Promise<CaseId> {
  const caseId = await takeReport(desk, 'x');
  await synced(desk);
  return caseId;
}

const take = (desk: Desk, caseId: CaseId, forMs: number) =>
  desk.engine.leases({ take: { id: newId<LeaseId>(systemIds), case: caseId, purpose: 'travel', forMs } });

describe('a case that is checked out', () => {
  it('is kept with its times by the laptop’s own clock, and renewed by each exchange', async () => {
    const anna = await sit('Anna');
    const caseId = await ownCase(anna);
    anna.setSkew(-3 * 24 * hourMs);
    await take(anna, caseId, 300 * hourMs);
    const [first] = await standingLeases(anna.vault.db);
    const hereMs = Date.now() - 3 * 24 * hourMs;
    expect(Math.abs((first?.until_ms ?? 0) - hereMs - 168 * hourMs)).toBeLessThan(60_000);
    expect(Math.abs((first?.wished_ms ?? 0) - hereMs - 300 * hourMs)).toBeLessThan(60_000);
    await synced(anna);
    const [second] = await standingLeases(anna.vault.db);
    expect(second?.until_ms).toBeGreaterThan(first?.until_ms ?? 0);
    const holdUntilMs = (await readMeta(anna.vault.db, 'holdUntilMs')) ?? 0;
    expect(Math.abs(holdUntilMs - hereMs - holdMs)).toBeLessThan(60_000);
  });

  it('tells the screens, and takes nothing while the person works offline on purpose', async () => {
    const anna = await sit('Anna');
    const caseId = await ownCase(anna);
    await take(anna, caseId, hourMs);
    const told = eventsOf(anna, 'cases').filter(({ caseIds }) => caseIds.includes(caseId));
    expect(told.at(-1)).toEqual({ caseIds: [caseId], origin: 'here' });
    await anna.engine.hold(true);
    await expect(take(anna, caseId, hourMs)).rejects.toMatchObject({ code: 'service.unreachable' });
  });

  it('given back without a connection is not renewed by the next one', async () => {
    const anna = await sit('Anna');
    const caseId = await ownCase(anna);
    await take(anna, caseId, hourMs);
    await anna.vault.write((tx) => tx.updateTable('leases').set({ returned: 1 }).execute());
    await synced(anna);
    expect(await anna.vault.db.selectFrom('leases').selectAll().execute()).toEqual([]);
    const { rows } = await owner.query('select ended_because from leases where device_id = $1', [
      anna.owner.deviceId,
    ]);
    expect(rows).toEqual([{ ended_because: 'returned' }]);
  });
});

describe('a case whose time is over on a laptop that stays away', () => {
  /** Anna writes offline; the time of all her cases passes. */
  async function overWhileOffline() {
    const anna = await sit('Anna');
    const caseId = await ownCase(anna);
    await anna.engine.hold(true);
    await addNote(anna, caseId, 'unterwegs geschrieben');
    const over = await overCases(anna.vault.db, Date.now() + holdMs + hourMs);
    expect(over).toEqual([caseId]);
    expect(await overCases(anna.vault.db, Date.now() + holdMs - hourMs)).toEqual([]);
    return { anna, caseId, over };
  }

  it('is sealed and gone, handed in at the next contact, and comes back whole, and its chain goes on', async () => {
    const { anna, caseId, over } = await overWhileOffline();
    expect(await anna.engine.expire(over)).toEqual([]);
    await expect(anna.handlers['cases.get']({ caseId })).rejects.toMatchObject({ code: 'lease.over' });
    for (const table of ['outbox', 'records', 'log', 'segments', 'search_docs', 'cases'] as const) {
      expect(await anna.vault.db.selectFrom(table).selectAll().execute()).toEqual([]);
    }
    expect((await anna.engine.get()).unsent).toBe(1);
    await anna.engine.hold(false);
    await expect(synced(anna)).resolves.toMatchObject({ error: null, unsent: 0, setAside: 0 });
    await until(async () => (await anna.log.cursors()).has(caseId), anna);
    const { rows } = await owner.query<{ text: string; reason: string }>(
      'select text, reason from sealed_packets where device_id = $1',
      [anna.owner.deviceId],
    );
    expect(rows.map(({ reason }) => reason)).toEqual(['expired']);
    const { changes } = readPacketContent(rows[0]?.text ?? '', privateKey);
    expect(changes.map(({ fields }) => fields.text?.value)).toEqual(['unterwegs geschrieben']);
    expect(await anna.vault.db.selectFrom('expired_cases').selectAll().execute()).toEqual([]);
    await addNote(anna, caseId, 'wieder da');
    await expect(synced(anna)).resolves.toMatchObject({ error: null, unsent: 0 });
    expect(await caseText(anna, caseId)).toContain('wieder da');
  });

  it('does not come back when access was taken away meanwhile', async () => {
    const { anna, caseId, over } = await overWhileOffline();
    await anna.engine.expire(over);
    await service.admin.setActive(service.tenant, anna.owner.userId, false);
    await anna.engine.hold(false);
    await synced(anna);
    expect((await anna.log.cursors()).has(caseId)).toBe(false);
    await expect(anna.handlers['cases.get']({ caseId })).rejects.toMatchObject({ code: 'lease.over' });
  });

  it('stays, with what was written, where the organisation has no key to seal it with', async () => {
    const { anna, caseId, over } = await overWhileOffline();
    await anna.log.set('escrow', null);
    expect(await anna.engine.expire(over)).toEqual([caseId]);
    expect(await caseText(anna, caseId)).toContain('unterwegs geschrieben');
    await anna.engine.hold(false);
    await expect(synced(anna)).resolves.toMatchObject({ error: null, unsent: 0 });
  });
});

describe('an order to wipe', () => {
  it('wakes a laptop that waits for news, well within a minute', async () => {
    const anna = await sit('Anna');
    await synced(anna);
    const startMs = performance.now();
    await service.admin.revokeDevice(service.tenant, anna.owner.deviceId);
    await until(async () => (await anna.engine.get()).error === 'auth.device-revoked', anna);
    expect(performance.now() - startMs).toBeLessThan(10_000);
  });
});
