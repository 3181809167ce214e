/** The engine against a service in memory over real TLS: what goes wrong on the way, and a service that lies. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newSigningSeed, nodeCrypto, signerFromSeed, systemIds } from '../../../platform/crypto.ts';
import { toBase64Url } from '../../../shared/bytes.ts';
import type { CaseId } from '../../../shared/ids.ts';
import type { PushRequest } from '../../../shared/sync/wire.ts';
import { createAuthority, issueServerCertificate } from '../../../tools/support/authority.ts';
import { json, type ScriptedService, startScriptedService } from '../../../tools/support/scripted-service.ts';
import { SmallService } from '../../../tools/support/small-service.ts';
import { newOwner } from '../storage/testing.ts';
import { syncCases } from './cases.ts';
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

const serviceSigner = signerFromSeed(new Uint8Array(32).fill(99));
let folder = '';
let caPem = '';
let certificate: { certificatePem: string; keyPem: string };
let net: ScriptedService;
let service: SmallService;
const desks: Desk[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tma-sync-'));
  const authority = await createAuthority(join(folder, 'authority'));
  caPem = authority.certificatePem;
  certificate = await issueServerCertificate(authority);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

beforeEach(async () => {
  net = await startScriptedService(certificate);
  service = new SmallService({ signer: serviceSigner, crypto: nodeCrypto, nowMs: () => Date.now() });
  service.serve(net);
});
afterEach(async () => {
  for (const desk of desks.splice(0)) await desk.close();
  await net.close();
});

async function sit(name: string): Promise<Desk> {
  const signer = signerFromSeed(newSigningSeed());
  const owner = { ...newOwner(name, systemIds), serviceKey: toBase64Url(serviceSigner.publicKey) };
  service.enrol({ id: owner.deviceId, user: owner.userId, publicKey: signer.publicKey });
  const own = await mkdtemp(join(folder, 'laptop-'));
  const desk = await openDesk({ folder: own, name, owner, signer, service: { url: net.url, caPem } });
  desks.push(desk);
  return desk;
}

const unsent = async (desk: Desk) => (await desk.log.state()).unsent;
const logLength = (caseId: CaseId) => service.page(caseId, 0).head.position;
const requestsTo = (path: string) => net.requests.filter((request) => request.path === path);

describe('two laptops and a service', () => {
  it('show the same after both have exchanged', async () => {
    const [a, b] = [await sit('Anna'), await sit('Ben')];
    const caseId = await takeReport(a, 'Er hat es angekündigt.');
    await expect(synced(a)).resolves.toMatchObject({ state: 'idle', unsent: 0, error: null });
    await expect(synced(b)).resolves.toMatchObject({ state: 'idle', unsent: 0 });
    expect(await caseText(b, caseId)).toBe(await caseText(a, caseId));
    expect((await a.handlers['cases.get']({ caseId })).line.number).toBe('2026-0001');
    expect(eventsOf(b, 'cases')).toEqual([{ caseIds: [caseId], origin: 'elsewhere' }]);
  });

  it('learn of an edit at once, without asking again', async () => {
    const [a, b] = [await sit('Anna'), await sit('Ben')];
    const caseId = await takeReport(a, 'x');
    await synced(a);
    await synced(b);
    await addNote(a, caseId, 'Neues aus dem Gespräch');
    a.engine.wake();
    await until(async () => (await b.handlers['cases.get']({ caseId })).records.length === 3, b);
    await until(async () => (await unsent(a)) === 0, a);
    expect(requestsTo('/v1/sync/hello')).toHaveLength(2);
    expect(eventsOf(a, 'sync').at(-1)).toMatchObject({ state: 'idle', unsent: 0 });
  });

  it('both edit the same field offline: each sees both values, and one resolution settles it for both', async () => {
    const [a, b] = [await sit('Anna'), await sit('Ben')];
    const caseId = await takeReport(a, 'x');
    await setCaseField(a, caseId, ['title', 'Vorher']);
    await synced(a);
    await synced(b);
    await a.engine.hold(true);
    await b.engine.hold(true);
    await setCaseField(a, caseId, ['title', 'von Anna']);
    await setCaseField(b, caseId, ['title', 'von Ben']);
    expect(await caseText(a, caseId)).not.toBe(await caseText(b, caseId));
    for (const desk of [a, b, a]) {
      await desk.engine.hold(false);
      await synced(desk);
    }
    expect(await caseText(a, caseId)).toBe(await caseText(b, caseId));
    const contested = (await a.handlers['cases.get']({ caseId })).records.find((one) => one.kind === 'case');
    expect(contested?.contested).toEqual(['title']);
    expect(contested?.saw.title).toHaveLength(2);
    await setCaseField(b, caseId, ['title', 'von beiden']);
    await synced(b);
    await synced(a);
    const settled = (await a.handlers['cases.get']({ caseId })).records.find((one) => one.kind === 'case');
    expect(settled).toMatchObject({ contested: [], values: { title: 'von beiden' } });
    expect(await caseText(a, caseId)).toBe(await caseText(b, caseId));
  });

  it('agree although one clock is ahead by a year: the service caps what it counts as', async () => {
    const [a, b] = [await sit('Anna'), await sit('Ben')];
    const caseId = await takeReport(a, 'x');
    await synced(a);
    await synced(b);
    a.setSkew(365 * 86_400_000);
    await setCaseField(a, caseId, ['title', 'aus der Zukunft']);
    await setCaseField(b, caseId, ['title', 'von heute']);
    await expect(synced(a)).resolves.toMatchObject({ skewMs: expect.closeTo(365 * 86_400_000, -5) });
    for (const desk of [b, a]) await synced(desk);
    expect(await caseText(a, caseId)).toBe(await caseText(b, caseId));
    expect((await synced(b)).skewMs).toBeNull();
  });
});

describe('a connection that fails', () => {
  it('is told calmly, with when it is tried next, and mends itself', async () => {
    const a = await sit('Anna');
    await takeReport(a, 'x');
    await net.close();
    const view = await synced(a);
    expect(view).toMatchObject({ state: 'offline', error: 'service.unreachable', unsent: 2 });
    expect(view.nextTryAt).not.toBeNull();
    expect(view.offlineSince).not.toBeNull();
    net = await startScriptedService({ ...certificate, port: net.port });
    service.serve(net);
    await until(async () => (await unsent(a)) === 0, a);
    await until(async () => (await a.engine.get()).state === 'idle', a);
    expect(await a.engine.get()).toMatchObject({ offlineSince: null, nextTryAt: null, error: null });
  });

  it('loses nothing and doubles nothing when the answer to a push is lost after the commit', async () => {
    const a = await sit('Anna');
    const caseId = await takeReport(a, 'x');
    let lost = 0;
    service.serve(net, (request) => {
      if (request.path !== '/v1/sync/push' || lost > 0) return false;
      lost += 1;
      service.push(request.body as PushRequest);
      net.cut();
      return true;
    });
    await expect(synced(a)).resolves.toMatchObject({ state: 'offline', unsent: 2 });
    await until(async () => (await unsent(a)) === 0, a);
    expect(lost).toBe(1);
    expect(logLength(caseId)).toBe(2);
    await synced(a);
    expect((await a.log.cursors()).get(caseId)?.position).toBe(2);
  });

  it.each([
    [500, 'service.error', 'offline'],
    [502, 'service.busy', 'offline'],
    [503, 'service.busy', 'offline'],
    [504, 'service.busy', 'offline'],
    [401, 'service.answer-invalid', 'offline'],
  ] as const)('goes on after answers of %i', async (status, code, state) => {
    const a = await sit('Anna');
    await takeReport(a, 'x');
    net.answerWith((_request, response) => json(response, status, 'no'));
    await expect(synced(a)).resolves.toMatchObject({ error: code, state, unsent: 2 });
    service.serve(net);
    await until(async () => (await unsent(a)) === 0, a);
  });

  it('survives half an answer at every kind of request', async () => {
    const a = await sit('Anna');
    const caseId = await takeReport(a, 'x');
    const halved = new Set<string>();
    service.serve(net, (request, response) => {
      if (halved.has(request.path)) return false;
      halved.add(request.path);
      const { epoch, segments } = request.body as PushRequest;
      const whole = JSON.stringify(
        segments === undefined ? service.hello() : service.push({ epoch, segments }),
      );
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(whole.slice(0, whole.length / 2));
      return true;
    });
    await expect(synced(a)).resolves.toMatchObject({ state: 'offline', error: 'service.answer-invalid' });
    await until(async () => (await a.engine.get()).state === 'idle', a);
    expect([...halved]).toEqual(['/v1/sync/hello', '/v1/sync/push', '/v1/sync/pull', '/v1/sync/witness']);
    expect(logLength(caseId)).toBe(2);
    expect(await unsent(a)).toBe(0);
  });

  it('waits as long as the service asked, and not less', async () => {
    const a = await sit('Anna');
    net.answerWith((_request, response) => json(response, 503, {}, { 'retry-after': '120' }));
    const before = Date.now();
    const { nextTryAt } = await synced(a);
    expect(Date.parse(nextTryAt ?? '')).toBeGreaterThanOrEqual(before + 120_000);
    // A person who asks is not made to wait.
    service.serve(net);
    await expect(a.engine.now()).resolves.toMatchObject({ state: 'idle', error: null });
  });

  it('sends less at a time when a proxy finds it too much', async () => {
    const a = await sit('Anna');
    const caseId = await takeReport(a, 'x');
    for (let n = 0; n < 30; n++) await addNote(a, caseId, `Notiz ${n}`);
    const sizes: number[] = [];
    service.serve(net, (request, response) => {
      if (request.path !== '/v1/sync/push') return false;
      const { segments } = request.body as PushRequest;
      sizes.push(segments.reduce((sum, segment) => sum + segment.changes.length, 0));
      if ((sizes.at(-1) ?? 0) <= 10) return false;
      json(response, 413, {});
      return true;
    });
    await expect(synced(a)).resolves.toMatchObject({ state: 'idle', unsent: 0 });
    expect(sizes).toEqual([32, 16, 8, 8, 8, 8]);
    expect(logLength(caseId)).toBe(32);
  });
});

describe('a service that has no room for those who wait', () => {
  it('is not asked over and over, and edits still go at once', async () => {
    const a = await sit('Anna');
    service.news = () => Promise.resolve();
    const caseId = await takeReport(a, 'x');
    await synced(a);
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(requestsTo('/v1/sync/pull').length).toBeLessThan(5);
    await addNote(a, caseId, 'sofort');
    a.engine.wake();
    await until(() => logLength(caseId) === 3, a, 900);
  });
});

describe('working offline', () => {
  it('sends nothing until the person says so, over a restart too', async () => {
    const a = await sit('Anna');
    await a.engine.hold(true);
    await takeReport(a, 'x');
    a.engine.wake();
    await expect(synced(a)).resolves.toMatchObject({
      state: 'offline',
      heldOffline: true,
      unsent: 2,
      error: null,
    });
    const again = await a.restart();
    again.start();
    await expect(again.now()).resolves.toMatchObject({ heldOffline: true, unsent: 2 });
    expect(net.requests).toHaveLength(0);
    await again.hold(false);
    await until(async () => (await unsent(a)) === 0, a);
    expect(await again.get()).toMatchObject({ heldOffline: false });
  });
});

describe('the end of the engine', () => {
  it('comes at once while it waits for news, and nothing touches the vault after it', async () => {
    const a = await sit('Anna');
    await synced(a);
    const startMs = Date.now();
    await a.engine.stop();
    expect(Date.now() - startMs).toBeLessThan(500);
    await a.vault.close();
    a.engine.wake();
    await new Promise((resolve) => setTimeout(resolve, 100));
  });

  it('comes within two seconds while the service keeps silent in the middle of a round', async () => {
    const a = await sit('Anna');
    await takeReport(a, 'x');
    service.serve(net, (request) => request.path === '/v1/sync/push');
    a.engine.start();
    await until(() => requestsTo('/v1/sync/push').length > 0, a);
    const asked = a.engine.now();
    const startMs = Date.now();
    await a.engine.stop();
    expect(Date.now() - startMs).toBeLessThan(2_000);
    await asked;
    expect(await unsent(a)).toBe(2);
  });
});

describe('changes that the service refuses', () => {
  it('do not hold up the others: one by one they are kept with the reason', async () => {
    const a = await sit('Anna');
    const caseId = await takeReport(a, 'x');
    await synced(a);
    let count = 0;
    service.judge = () => (count++ === 0 ? 'access.denied' : undefined);
    await addNote(a, caseId, 'nicht erlaubt');
    await addNote(a, caseId, 'erlaubt');
    await expect(synced(a)).resolves.toMatchObject({ state: 'idle', unsent: 0, refused: 1 });
    const notes = (await a.handlers['cases.get']({ caseId })).records.filter((one) => one.kind === 'note');
    expect(notes.map((note) => note.values.text)).toEqual(['erlaubt']);
    const { entries } = await a.handlers['cases.history']({ caseId, offset: 0, limit: 100 });
    expect(entries.filter((entry) => entry.state === 'refused')).toMatchObject([{ code: 'access.denied' }]);
  });

  it('as a whole case wait, while other cases go', async () => {
    const a = await sit('Anna');
    const first = await takeReport(a, 'x');
    const second = await takeReport(a, 'y');
    service.refuse = (caseId) => (caseId === first ? 'access.denied' : undefined);
    await expect(synced(a)).resolves.toMatchObject({ state: 'idle', unsent: 2 });
    expect(logLength(second)).toBe(2);
    service.refuse = () => undefined;
    await expect(a.engine.now()).resolves.toMatchObject({ unsent: 0 });
    expect(logLength(first)).toBe(2);
  });

  it('for a while only are sent again by themselves', async () => {
    const a = await sit('Anna');
    const first = await takeReport(a, 'x');
    const second = await takeReport(a, 'y');
    let busy = 2;
    service.refuse = (caseId) => (caseId === first && busy-- > 0 ? 'service.busy' : undefined);
    await synced(a);
    await until(async () => (await unsent(a)) === 0, a);
    expect([logLength(first), logLength(second)]).toEqual([2, 2]);
  });

  it('because earlier ones are missing there are handed in again from the first', async () => {
    const a = await sit('Anna');
    const caseId = await takeReport(a, 'x');
    await synced(a);
    // The service lost its end of the log without saying so, and forgot that it ever had it.
    service.cases.clear();
    await addNote(a, caseId, 'danach');
    await a.engine.now();
    await until(async () => (await unsent(a)) === 0, a);
    expect(logLength(caseId)).toBe(3);
  });
});

describe('a service that lies', () => {
  it('about one case is found out, the case is set aside and the others go on', async () => {
    const [a, b] = [await sit('Anna'), await sit('Ben')];
    const first = await takeReport(a, 'x');
    const second = await takeReport(a, 'y');
    await synced(a);
    service.twist = (page) => {
      if (page.case !== first) return page;
      return {
        ...page,
        runs: page.runs.map((run) => ({
          ...run,
          entries: run.entries.map((e) => ({ ...e, receivedAtMs: 1 })),
        })),
      };
    };
    await expect(synced(b)).resolves.toMatchObject({ state: 'error', error: 'service.log-contradicts' });
    expect((await b.log.cursors()).has(first)).toBe(false);
    await expect(b.handlers['cases.get']({ caseId: second })).resolves.toBeDefined();
    expect((await b.engine.get()).setAside).toBe(1);
    const aside = await b.vault.read((tx) => syncCases(tx, { which: 'open', limit: 10 }));
    expect(aside).toMatchObject({
      lines: [{ caseId: first, title: null, state: 'set-aside', code: 'service.log-contradicts' }],
      total: 2,
      open: 1,
    });
    const asked = requestsTo('/v1/sync/pull').length;
    await new Promise((resolve) => setTimeout(resolve, 300));
    // No storm: what is set aside is not asked for over and over.
    expect(requestsTo('/v1/sync/pull').length - asked).toBeLessThan(3);
    service.twist = (page) => page;
    await expect(b.engine.now()).resolves.toMatchObject({ state: 'idle', error: null, setAside: 0 });
    expect(await caseText(b, first)).toBe(await caseText(a, first));
  });

  it('by showing less than it showed before is found out', async () => {
    const a = await sit('Anna');
    const caseId = await takeReport(a, 'x');
    await synced(a);
    const stored = service.cases.get(caseId);
    stored?.heads.pop();
    stored?.runs.splice(0);
    await expect(a.engine.now()).resolves.toMatchObject({
      state: 'error',
      error: 'service.log-contradicts',
    });
    expect((await a.handlers['cases.get']({ caseId })).records).toHaveLength(2);
  });
});

describe('access', () => {
  it('that is taken away takes the case from the laptop, and nothing else', async () => {
    const [a, b] = [await sit('Anna'), await sit('Ben')];
    const first = await takeReport(a, 'x');
    const second = await takeReport(a, 'y');
    await synced(a);
    await synced(b);
    service.events.push(
      { position: 1, type: 'granted', case: first },
      { position: 2, type: 'revoked', case: first },
    );
    const page = service.page.bind(service);
    service.page = (caseId, after, maxBytes) => page(caseId, caseId === first ? 99 : after, maxBytes);
    await b.engine.now();
    await expect(b.handlers['cases.get']({ caseId: first })).rejects.toMatchObject({
      code: 'case.not-found',
    });
    await expect(b.handlers['cases.get']({ caseId: second })).resolves.toBeDefined();
    expect(await b.log.get('userCursor')).toBe(2);
  });
});

describe('a newcomer', () => {
  it('whose device is not in the directory yet is looked up before anything is believed', async () => {
    const a = await sit('Anna');
    await synced(a);
    const b = await sit('Ben');
    const caseId = await takeReport(b, 'x');
    await synced(b);
    await until(async () => (await a.log.cursors()).has(caseId), a);
    expect(a.hellos).toHaveLength(2);
    expect(eventsOf(a, 'directory')).toHaveLength(2);
  });
});
