/** Laptops with real vaults against the real service on a real PostgreSQL, over lines that fail. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { newSigningSeed, signerFromSeed } from '../../../platform/crypto.ts';
import { toBase64Url } from '../../../shared/bytes.ts';
import type { OrgRole } from '../../../shared/domain/people.ts';
import type { CaseId, UserId } from '../../../shared/ids.ts';
import { type FlakyLine, layLine } from '../../../tools/support/flaky-line.ts';
import { type RealService, startRealService } from '../../../tools/support/real-service.ts';
import { createEnrolmentService } from '../service/enrolment.ts';
import {
  addNote,
  caseText,
  type Desk,
  eventsOf,
  openDesk,
  setCaseField,
  synced,
  takeReport,
  until,
} from './testing.ts';

let service: RealService;
let folder = '';
const desks: Desk[] = [];
const lines: FlakyLine[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tma-sync-real-'));
  service = await startRealService();
});
afterAll(async () => {
  await service.close();
  await rm(folder, { recursive: true, force: true });
});
afterEach(async () => {
  for (const desk of desks.splice(0)) await desk.close();
  for (const line of lines.splice(0)) await line.close();
});

async function sit(name: string, how: { role?: OrgRole; user?: UserId; url?: string } = {}): Promise<Desk> {
  const role = how.role ?? 'specialist';
  const user = how.user ?? (await service.addPerson(name, role));
  const signer = signerFromSeed(newSigningSeed());
  const desk = await openDesk({
    folder: await mkdtemp(join(folder, 'laptop-')),
    ...{ name, signer },
    service: { url: how.url ?? service.url, caPem: service.caPem },
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

async function line(): Promise<FlakyLine> {
  const made = await layLine(service.port);
  lines.push(made);
  return made;
}

const unsent = async (desk: Desk) => (await desk.log.state()).unsent;
const position = async (desk: Desk, caseId: CaseId) => (await desk.log.cursors()).get(caseId)?.position;
const titleOf = async (desk: Desk, caseId: CaseId) => {
  const file = (await desk.handlers['cases.get']({ caseId })).records.find(
    (record) => record.kind === 'case',
  );
  return { title: file?.values.title, contested: file?.contested, heads: file?.saw.title?.length };
};

/** Two laptops of one person: both see every case of that person. */
async function pair(how: { url?: string } = {}): Promise<{ a: Desk; b: Desk; caseId: CaseId }> {
  const a = await sit('Anna', how);
  const b = await sit('Anna', { user: a.owner.userId, ...how });
  const caseId = await takeReport(a, 'Er hat es angekündigt.');
  await setCaseField(a, caseId, ['title', 'Vorher']);
  await expect(synced(a)).resolves.toMatchObject({ state: 'idle', unsent: 0, error: null, refused: 0 });
  await expect(synced(b)).resolves.toMatchObject({ state: 'idle', error: null });
  expect(await caseText(b, caseId)).toBe(await caseText(a, caseId));
  return { a, b, caseId };
}

describe('a one-time code', () => {
  it('says whom it is for, makes a device once, and answers the same laptop the same again', async () => {
    const enrolment = createEnrolmentService({ url: service.url, caPem: service.caPem });
    const user = await service.addPerson('Cem');
    const code = await service.invite(user);
    await expect(enrolment.check(code)).resolves.toMatchObject({ user: { id: user, name: 'Cem' } });
    const signer = signerFromSeed(newSigningSeed());
    const deviceKey = toBase64Url(signer.publicKey);
    const request = { code, deviceKey, label: 'Cems Laptop', program: '0.1.0' };
    const answer = await enrolment.redeem(request);
    expect(answer.serviceKey).toBe(toBase64Url(service.publicKey));
    await expect(enrolment.redeem(request)).resolves.toEqual(answer);
    const other = { ...request, deviceKey: toBase64Url(signerFromSeed(newSigningSeed()).publicKey) };
    await expect(enrolment.redeem(other)).rejects.toMatchObject({ code: 'enrol.code-used' });
    await expect(enrolment.check('XXXX-XXXX')).rejects.toMatchObject({ code: 'enrol.code-unknown' });
  });
});

describe('laptops and the service', () => {
  it('show the same case, with the number that the service gave it', async () => {
    const { a, b, caseId } = await pair();
    const { number } = (await b.handlers['cases.get']({ caseId })).line;
    expect(number).toMatch(/^\d{4}-\d{4}$/);
    expect((await a.handlers['cases.get']({ caseId })).line.number).toBe(number);
  });

  it('pass an edit on at once', async () => {
    const { a, b, caseId } = await pair();
    await addNote(a, caseId, 'Neues');
    a.engine.wake();
    await until(async () => (await b.handlers['cases.get']({ caseId })).records.length === 3, b);
    expect(eventsOf(b, 'cases').at(-1)).toEqual({ caseIds: [caseId], origin: 'elsewhere' });
  });

  it('show both of what two wrote apart, and one resolution settles it everywhere', async () => {
    const { a, b, caseId } = await pair();
    await a.engine.hold(true);
    await b.engine.hold(true);
    await setCaseField(a, caseId, ['title', 'Fassung A']);
    await setCaseField(b, caseId, ['title', 'Fassung B']);
    await addNote(a, caseId, 'Notiz A');
    await addNote(b, caseId, 'Notiz B');
    for (const desk of [a, b]) {
      await desk.engine.hold(false);
      await synced(desk);
    }
    await synced(a);
    expect(await caseText(a, caseId)).toBe(await caseText(b, caseId));
    expect(await titleOf(a, caseId)).toEqual({ title: 'Fassung B', contested: ['title'], heads: 2 });
    await setCaseField(a, caseId, ['title', 'Fassung A und B']);
    await synced(a);
    await synced(b);
    expect(await titleOf(b, caseId)).toEqual({ title: 'Fassung A und B', contested: [], heads: 1 });
    expect(await caseText(a, caseId)).toBe(await caseText(b, caseId));
  });

  it('agree on what a clock a year ahead counts as', async () => {
    const { a, b, caseId } = await pair();
    a.setSkew(365 * 86_400_000);
    await setCaseField(a, caseId, ['title', 'aus der Zukunft']);
    await setCaseField(b, caseId, ['title', 'von heute']);
    const { skewMs } = await synced(a);
    expect(Math.round((skewMs ?? 0) / 86_400_000)).toBe(365);
    for (const desk of [b, a]) await synced(desk);
    expect(await caseText(a, caseId)).toBe(await caseText(b, caseId));
  });

  it('begin and end sight of a case with its membership', async () => {
    const anna = await sit('Anna');
    const ben = await sit('Ben', { role: 'member' });
    const caseId = await takeReport(anna, 'x');
    await synced(anna);
    await synced(ben);
    await expect(ben.handlers['cases.get']({ caseId })).rejects.toMatchObject({ code: 'case.not-found' });
    await anna.handlers['reports.triage']({
      caseId,
      outcome: 'open',
      reason: 'Wiederholt und konkret.',
      title: 'Fall Nord',
      lead: anna.owner.userId,
      team: [{ user: ben.owner.userId, role: 'member' }],
    });
    anna.engine.wake();
    await until(async () => (await ben.log.cursors()).has(caseId), ben);
    expect(await caseText(ben, caseId)).toContain('Fall Nord');
    const { records } = await anna.handlers['cases.get']({ caseId });
    const member = records.find(
      (record) => record.kind === 'member' && record.values.user === ben.owner.userId,
    );
    if (member === undefined) throw new Error('no membership');
    await anna.handlers['cases.edit']({
      caseId,
      edits: [{ record: member.id, kind: 'member', op: 'remove', fields: {} }],
    });
    anna.engine.wake();
    await until(async () => !(await ben.log.cursors()).has(caseId), ben);
    await expect(ben.handlers['cases.get']({ caseId })).rejects.toMatchObject({ code: 'case.not-found' });
    expect(await caseText(anna, caseId)).toContain('Fall Nord');
  });

  it('end with the revocation of the device, on its next request', async () => {
    const { a } = await pair();
    await service.admin.revokeDevice(service.tenant, a.owner.deviceId);
    await expect(a.engine.now()).resolves.toMatchObject({ state: 'error', error: 'auth.device-revoked' });
  });
});

describe('when the line fails', () => {
  it('a cut loses nothing, and mends by itself', async () => {
    const way = await line();
    const { a, b, caseId } = await pair({ url: way.url });
    way.cut();
    await addNote(a, caseId, 'während des Ausfalls');
    a.engine.wake();
    await until(async () => (await a.engine.get()).state === 'offline', a);
    way.mend();
    await until(async () => (await unsent(a)) === 0, a);
    await until(async () => (await position(b, caseId)) === 4, b);
    expect(await caseText(a, caseId)).toBe(await caseText(b, caseId));
  });

  it('an answer lost after the commit is neither lost nor doubled', async () => {
    const way = await line();
    const a = await sit('Anna', { url: way.url });
    const caseId = await takeReport(a, 'x');
    await synced(a);
    await addNote(a, caseId, 'eins');
    a.engine.wake();
    // Beside the connection that waits for news there is now one for what is sent.
    await until(async () => (await unsent(a)) === 0, a);
    // News of it on the way would be waited for before anything else is sent.
    await synced(a);
    way.swallowAnswers();
    await addNote(a, caseId, 'zwei');
    a.engine.wake();
    // The service has it; the laptop does not know.
    const other = await sit('Anna', { user: a.owner.userId });
    await synced(other);
    await until(async () => (await position(other, caseId)) === 4, other);
    expect(await unsent(a)).toBe(1);
    way.mend();
    await until(async () => (await unsent(a)) === 0, a);
    await synced(a);
    expect(await position(a, caseId)).toBe(4);
    expect(await caseText(a, caseId)).toBe(await caseText(other, caseId));
  });

  it('lines that break off after so many bytes, at ever other places, lose nothing', async () => {
    const { a, caseId } = await pair();
    for (let n = 0; n < 40; n++) await addNote(a, caseId, `Notiz ${n} ${'wort '.repeat(40)}`);
    await synced(a);
    const way = await line();
    const b = await sit('Anna', { user: a.owner.userId, url: way.url });
    for (const bytes of [100, 1_500, 3_000, 4_500, 6_000, 8_000, 12_000]) {
      way.cutAnswersAfter(bytes);
      await synced(b);
    }
    way.mend();
    await until(async () => (await position(b, caseId)) === 43, b);
    expect(await caseText(b, caseId)).toBe(await caseText(a, caseId));
  });
});

describe('when the service dies', () => {
  it('by kill -9 in the middle of pushes, everything is there once afterwards', async () => {
    const { a, caseId } = await pair();
    for (let round = 0; round < 3; round++) {
      for (let n = 0; n < 30; n++) await addNote(a, caseId, `Runde ${round}, Notiz ${n}`);
      a.engine.wake();
      await new Promise((resolve) => setTimeout(resolve, 255 + 15 * round));
      await service.kill();
      await addNote(a, caseId, `Runde ${round}, ohne Dienst`);
      await service.start();
    }
    await until(async () => (await unsent(a)) === 0, a, 20_000);
    await until(async () => (await position(a, caseId)) === 3 + 93, a);
    const b = await sit('Anna', { user: a.owner.userId });
    await synced(b);
    expect(await caseText(b, caseId)).toBe(await caseText(a, caseId));
  });
});

describe('a laptop that was off for long', () => {
  it('hands in and fetches thousands of changes in many requests', async () => {
    const a = await sit('Anna');
    const cases: CaseId[] = [];
    for (let n = 0; n < 12; n++) cases.push(await takeReport(a, `Meldung ${n}`));
    for (let n = 0; n < 1_300; n++) await addNote(a, cases[n % 12] as CaseId, `Notiz ${n}`);
    await expect(synced(a)).resolves.toMatchObject({ state: 'idle', unsent: 0, refused: 0 });
    const b = await sit('Anna', { user: a.owner.userId });
    await expect(synced(b)).resolves.toMatchObject({ state: 'idle', error: null });
    for (const caseId of cases) expect(await caseText(b, caseId)).toBe(await caseText(a, caseId));
    const done = eventsOf(a, 'sync').map((view) => view.progress?.done ?? 0);
    expect(Math.max(...done)).toBeGreaterThan(1_000);
  });
});
