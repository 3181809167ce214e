/** A case that is taken away: what was not sent is sealed, the case goes, and then the sealed edits are handed in. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { newSigningSeed, signerFromSeed } from '../../../platform/crypto.ts';
import { fromBase64Url, toBase64Url } from '../../../shared/bytes.ts';
import type { OrgRole } from '../../../shared/domain/people.ts';
import { TmaError } from '../../../shared/errors.ts';
import { type CaseId, type DeviceId, newId, type RecordId } from '../../../shared/ids.ts';
import { readPacketContent } from '../../../tools/support/open-packet.ts';
import { type RealService, startRealService } from '../../../tools/support/real-service.ts';
import type { LocalLog } from '../storage/logPort.ts';
import { addNote, caseText, type Desk, openDesk, synced, takeReport, until } from './testing.ts';

let service: RealService;
let owner: pg.Client;
let folder = '';
const desks: Desk[] = [];
const escrow = generateKeyPairSync('x25519');
const privateKey = fromBase64Url(String(escrow.privateKey.export({ format: 'jwk' }).d)) ?? new Uint8Array();
const publicKey = String(escrow.publicKey.export({ format: 'jwk' }).x);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tma-revoked-'));
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

async function sit(name: string, role: OrgRole = 'specialist'): Promise<Desk> {
  const user = await service.addPerson(name, role);
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
      userRole: role,
      tenantId: service.tenant,
      tenantName: 'Nordwerk',
      serviceKey: toBase64Url(service.publicKey),
    },
  });
  desks.push(desk);
  return desk;
}

interface Shared {
  readonly anna: Desk;
  readonly ben: Desk;
  readonly caseId: CaseId;
}

/** A case that Anna leads and Ben is on. */
async function shared(): Promise<Shared> {
  const anna = await sit('Anna');
  const ben = await sit('Ben', 'member');
  const caseId = await takeReport(anna, 'x');
  await anna.handlers['reports.triage']({
    caseId,
    outcome: 'open',
    reason: 'Wiederholt und konkret.',
    title: 'Fall Nord',
    lead: anna.owner.userId,
    team: [{ user: ben.owner.userId, role: 'member' }],
  });
  await synced(anna);
  await synced(ben);
  await addNote(ben, caseId, 'noch mit Zugriff');
  await synced(ben);
  await synced(anna);
  return { anna, ben, caseId };
}

async function member(anna: Desk, caseId: CaseId, of: Desk) {
  const { records } = await anna.handlers['cases.get']({ caseId });
  const found = records.find((one) => one.kind === 'member' && one.values.user === of.owner.userId);
  if (found === undefined) throw new Error('no membership');
  return found;
}

async function revoke({ anna, ben, caseId }: Shared): Promise<void> {
  const { id } = await member(anna, caseId, ben);
  await anna.handlers['cases.edit']({
    caseId,
    edits: [{ record: id, kind: 'member', op: 'remove', fields: {} }],
  });
  await synced(anna);
}

async function packetsOf(device: DeviceId): Promise<readonly string[]> {
  const { rows } = await owner.query<{ text: string }>(
    'select text from sealed_packets where device_id = $1 order by packet_id',
    [device],
  );
  return rows.map(({ text }) => text);
}

/** Ben writes two notes offline; meanwhile he is taken off the case. */
async function revokedWhileOffline(): Promise<Shared> {
  const all = await shared();
  await all.ben.engine.hold(true);
  await addNote(all.ben, all.caseId, 'ungesendet eins');
  await addNote(all.ben, all.caseId, 'ungesendet zwei');
  await revoke(all);
  return all;
}

/** The next start of a program that was ended at a step: the same vault, a fresh engine. */
async function goOn(ben: Desk): Promise<void> {
  await ben.engine.hold(false);
  await ben.restart();
  await synced(ben);
}

describe('a case that is taken away while edits wait', () => {
  it('is gone from the laptop; the edits are sealed, handed in, and keep their place in the log', async () => {
    const { anna, ben, caseId } = await revokedWhileOffline();
    await ben.engine.hold(false);
    await synced(ben);
    await until(async () => (await ben.log.state()).unsent === 0, ben);
    await expect(ben.handlers['cases.get']({ caseId })).rejects.toMatchObject({ code: 'case.not-found' });
    const packets = await packetsOf(ben.owner.deviceId);
    expect(packets).toHaveLength(1);
    expect(packets[0]).not.toContain('ungesendet');
    const { changes, about } = readPacketContent(packets[0] ?? '', privateKey);
    expect(about).toMatchObject({ case: caseId, reason: 'revoked', device: ben.owner.deviceId });
    expect(changes.map(({ fields }) => fields.text?.value)).toEqual(['ungesendet eins', 'ungesendet zwei']);
    // The lead is told, without the words.
    await synced(anna);
    const { entries } = await anna.handlers['cases.history']({ caseId, offset: 0, limit: 100 });
    const sealed = entries.filter(({ code }) => code === 'change.withheld');
    expect(sealed.map(({ user, state, fields }) => [user, state, fields])).toEqual(
      Array(2).fill([ben.owner.userId, 'refused', {}]),
    );
    expect(await caseText(anna, caseId)).not.toContain('ungesendet');
  });

  it('leaves no word of itself in the file of the vault', async () => {
    const { ben } = await revokedWhileOffline();
    await ben.engine.hold(false);
    await synced(ben);
    const tables = await ben.vault.db
      .selectFrom('log')
      .select((of) => of.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    expect(tables.count).toBe(0);
    for (const table of ['outbox', 'records', 'segments', 'search_docs', 'tasks', 'cases'] as const) {
      expect(await ben.vault.db.selectFrom(table).selectAll().execute()).toEqual([]);
    }
  });

  it('comes back when access does, and its chain goes on', async () => {
    const all = await revokedWhileOffline();
    const { anna, ben, caseId } = all;
    await ben.engine.hold(false);
    await synced(ben);
    const record = newId<RecordId>(anna.workspace.author.ids);
    await anna.handlers['cases.edit']({
      caseId,
      edits: [
        {
          record,
          kind: 'member',
          op: 'create',
          fields: {
            user: { value: ben.owner.userId, saw: [] },
            role: { value: 'member', saw: [] },
          },
        },
      ],
    });
    await synced(anna);
    await synced(ben);
    await until(async () => (await ben.log.cursors()).has(caseId), ben);
    await addNote(ben, caseId, 'wieder dabei');
    await expect(synced(ben)).resolves.toMatchObject({ state: 'idle', unsent: 0, error: null });
    await synced(anna);
    expect(await caseText(anna, caseId)).toContain('wieder dabei');
    expect(await caseText(anna, caseId)).toBe(await caseText(ben, caseId));
  });

  const steps: readonly (readonly [string, (log: LocalLog) => Partial<LocalLog>])[] = [
    ['before it is sealed', () => ({ dropCase: () => Promise.reject(dies()) })],
    [
      'after it is sealed and gone, before the news are noted as heard',
      (log) => ({
        set: (name, value) => (name === 'userCursor' ? Promise.reject(dies()) : log.set(name, value)),
      }),
    ],
    ['before it is handed in', () => ({ packets: () => Promise.reject(dies()) })],
    [
      'after the service has it, before the laptop forgets it',
      () => ({ packetTaken: () => Promise.reject(dies()) }),
    ],
  ];
  it.each(steps)('loses nothing and doubles nothing when the program ends %s', async (_when, fault) => {
    const { ben, caseId } = await revokedWhileOffline();
    const whole = { ...ben.log };
    Object.assign(ben.log, fault(whole));
    await ben.engine.hold(false);
    await ben.engine.stop();
    await ben.restart();
    ben.engine.start();
    await expect(ben.engine.now()).resolves.toMatchObject({ state: 'error' });
    Object.assign(ben.log, whole);
    await goOn(ben);
    await until(async () => (await ben.log.state()).unsent === 0, ben);
    expect((await ben.log.cursors()).has(caseId)).toBe(false);
    const packets = await packetsOf(ben.owner.deviceId);
    expect(packets).toHaveLength(1);
    expect(readPacketContent(packets[0] ?? '', privateKey).changes).toHaveLength(2);
    const { rows } = await owner.query(
      `select count(*)::int as count from changes where device_id = $1 and code = 'change.withheld'`,
      [ben.owner.deviceId],
    );
    expect(rows[0].count).toBe(2);
  });
});

describe('a laptop that is taken back while edits wait', () => {
  it('hands them in sealed, although the service answers it nothing else any more', async () => {
    const { ben, caseId } = await shared();
    await ben.engine.hold(true);
    await addNote(ben, caseId, 'auf dem verlorenen Gerät');
    const begun = await takeReport(ben, 'nie angekommen').catch(() => undefined);
    await service.admin.revokeDevice(service.tenant, ben.owner.deviceId);
    await ben.engine.hold(false);
    await expect(synced(ben)).resolves.toMatchObject({ error: 'auth.device-revoked' });
    await expect(ben.engine.leave()).resolves.toBe(true);
    const opened = (await packetsOf(ben.owner.deviceId)).map((text) => readPacketContent(text, privateKey));
    expect(opened.map(({ about }) => about.reason)).toContain('wiped');
    const ofCase = opened.filter(({ about }) => about.case === caseId);
    expect(ofCase.flatMap(({ changes }) => changes.map(({ fields }) => fields.text?.value))).toEqual([
      'auf dem verlorenen Gerät',
    ]);
    expect(opened.some(({ about }) => about.case === begun)).toBe(begun !== undefined);
    expect((await ben.log.state()).unsent).toBe(0);
  });

  it('is emptied of its cases when the service cannot be reached, and keeps the sealed edits', async () => {
    const { ben, caseId } = await shared();
    await ben.engine.hold(true);
    await addNote(ben, caseId, 'x');
    const whole = { ...ben.log };
    Object.assign(ben.log, { packets: () => Promise.reject(dies()) });
    await expect(ben.engine.leave()).resolves.toBe(false);
    Object.assign(ben.log, whole);
    expect(await ben.log.caseIds('all')).toEqual([]);
    expect((await ben.log.state()).unsent).toBe(1);
    await expect(ben.engine.leave()).resolves.toBe(true);
    expect(await packetsOf(ben.owner.deviceId)).toHaveLength(1);
  });
});

describe('a packet', () => {
  it('opens with the organisation’s key and no other, and not when it was altered', async () => {
    const { ben } = await revokedWhileOffline();
    await ben.engine.hold(false);
    await synced(ben);
    const [text = ''] = await packetsOf(ben.owner.deviceId);
    const other = signerFromSeed(newSigningSeed()).publicKey;
    expect(() => readPacketContent(text, other)).toThrow();
    expect(() => readPacketContent(text.replace('revoked', 'expired'), privateKey)).toThrow();
  });
});

const dies = () => new TmaError('internal');
