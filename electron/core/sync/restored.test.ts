/** A service that was restored from a backup, over real TLS: what laptops hold comes back, and nothing is removed. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newSigningSeed, nodeCrypto, signerFromSeed, systemIds } from '../../../platform/crypto.ts';
import { toBase64Url } from '../../../shared/bytes.ts';
import { type CaseId, caseRecordId } from '../../../shared/ids.ts';
import { createAuthority, issueServerCertificate } from '../../../tools/support/authority.ts';
import { type ScriptedService, startScriptedService } from '../../../tools/support/scripted-service.ts';
import { SmallService } from '../../../tools/support/small-service.ts';
import { newOwner } from '../storage/testing.ts';
import { addNote, caseText, type Desk, openDesk, setCaseField, synced, takeReport } from './testing.ts';

const serviceSigner = signerFromSeed(new Uint8Array(32).fill(99));
let folder = '';
let caPem = '';
let certificate: { certificatePem: string; keyPem: string };
let net: ScriptedService;
let service: SmallService;
const desks: Desk[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tma-restored-'));
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

/** An exchange while nothing else is on the way: the laptop is back offline afterwards. */
async function exchange(desk: Desk) {
  await desk.engine.hold(false);
  const view = await synced(desk);
  await desk.engine.hold(true);
  return view;
}

const logLength = (caseId: CaseId) => service.page(caseId, 0).head.position;
const settled = { state: 'idle', unsent: 0, error: null, restored: null };

describe('a restored service', () => {
  it('gets back what one laptop wrote and what it had of others, in the order it was in', async () => {
    const [a, b] = [await sit('Anna'), await sit('Ben')];
    const caseId = await takeReport(a, 'x');
    await exchange(a);
    await exchange(b);
    const restore = service.backUp();
    await addNote(a, caseId, 'lost, by Anna');
    await exchange(a);
    await exchange(b);
    await addNote(b, caseId, 'lost, by Ben');
    await exchange(b);
    const [before, length] = [await caseText(b, caseId), logLength(caseId)];
    restore('second');
    expect(logLength(caseId)).toBeLessThan(length);
    await expect(exchange(b)).resolves.toMatchObject(settled);
    expect(logLength(caseId)).toBe(length);
    await expect(exchange(a)).resolves.toMatchObject(settled);
    expect(await caseText(b, caseId)).toBe(before);
    expect(await caseText(a, caseId)).toBe(before);
  });

  it('may have gone on meanwhile: what was lost comes after it, and everybody ends up the same', async () => {
    const [a, b] = [await sit('Anna'), await sit('Ben')];
    const caseId = await takeReport(a, 'x');
    await exchange(a);
    await exchange(b);
    const restore = service.backUp();
    await setCaseField(b, caseId, ['title', 'lost']);
    await exchange(b);
    restore('second');
    await setCaseField(a, caseId, ['title', 'written since']);
    await exchange(a);
    await exchange(b);
    await exchange(a);
    expect(await caseText(a, caseId)).toBe(await caseText(b, caseId));
    const { conflicts } = (await a.handlers['cases.get']({ caseId })).line;
    expect(conflicts).toBe(1);
    for (const desk of [a, b]) await expect(exchange(desk)).resolves.toMatchObject(settled);
  });

  it('is offered every file again, because it may have forgotten that it has it', async () => {
    const a = await sit('Anna');
    const caseId = await takeReport(a, 'x');
    await exchange(a);
    const row = {
      file: 'f'.repeat(32),
      case_id: caseId,
      record_id: caseRecordId(caseId),
      is_sent: 1,
    } as const;
    await a.vault.write((tx) => tx.insertInto('attachments').values(row).execute());
    service.backUp()('second');
    await exchange(a);
    expect(await a.vault.db.selectFrom('attachments').select('is_sent').execute()).toEqual([{ is_sent: 0 }]);
  });

  it('is told from one that shows less under the same epoch: that stays an alarm', async () => {
    const a = await sit('Anna');
    const caseId = await takeReport(a, 'x');
    await exchange(a);
    const restore = service.backUp();
    await addNote(a, caseId, 'y');
    await exchange(a);
    restore('first');
    await expect(exchange(a)).resolves.toMatchObject({ state: 'error', error: 'service.log-contradicts' });
    expect((await a.handlers['cases.get']({ caseId })).records).toHaveLength(3);
  });

  it('that lost a whole case gets it back, with what was written while it was away', async () => {
    const a = await sit('Anna');
    await exchange(a);
    const restore = service.backUp();
    const caseId = await takeReport(a, 'x');
    await exchange(a);
    restore('second');
    await addNote(a, caseId, 'offline');
    await expect(exchange(a)).resolves.toMatchObject(settled);
    expect(logLength(caseId)).toBe(3);
  });

  it('is sent again what it had taken and not given back', async () => {
    const a = await sit('Anna');
    const caseId = await takeReport(a, 'x');
    await exchange(a);
    const restore = service.backUp();
    await addNote(a, caseId, 'taken');
    const page = service.page.bind(service);
    service.page = (id, _after, maxBytes) => page(id, 99, maxBytes);
    const pull = service.pull.bind(service);
    service.pull = () => ({ events: [], cases: [], more: false });
    await exchange(a);
    [service.page, service.pull] = [page, pull];
    restore('second');
    await expect(exchange(a)).resolves.toMatchObject(settled);
    expect(logLength(caseId)).toBe(3);
  });

  it('says calmly that others have what this laptop never had', async () => {
    const [a, b] = [await sit('Anna'), await sit('Ben')];
    const caseId = await takeReport(a, 'x');
    await exchange(a);
    await exchange(b);
    const restore = service.backUp();
    await addNote(b, caseId, 'one');
    await addNote(b, caseId, 'two');
    await exchange(b);
    // Anna's push is answered with a head that vouches for what Ben wrote; she has not fetched it when the service goes.
    await addNote(a, caseId, 'three');
    const pull = service.pull.bind(service);
    service.pull = () => ({ events: [], cases: [], more: false });
    await exchange(a);
    service.pull = pull;
    restore('second');
    await expect(exchange(a)).resolves.toMatchObject({
      state: 'idle',
      error: null,
      restored: { cases: 1, waiting: 0, refused: 0, missing: 2 },
    });
    await exchange(b);
    await expect(exchange(a)).resolves.toMatchObject(settled);
    expect(await caseText(a, caseId)).toBe(await caseText(b, caseId));
  });

  it('that does not take something back is offered it again, and nothing else waits for that', async () => {
    const [a, b] = [await sit('Anna'), await sit('Ben')];
    const caseId = await takeReport(a, 'x');
    await exchange(a);
    await exchange(b);
    const restore = service.backUp();
    await addNote(a, caseId, 'lost');
    await exchange(a);
    await exchange(b);
    restore('second');
    await addNote(b, caseId, 'since');
    const push = service.push.bind(service);
    service.push = (request) => {
      const { segments } = push({
        ...request,
        segments: request.segments.filter(({ device }) => device === b.owner.deviceId),
      });
      let next = 0;
      return {
        segments: request.segments.map((segment) => {
          const refused = { outcome: 'refused', case: segment.case, code: 'auth.device-unknown' } as const;
          return segment.device === b.owner.deviceId ? (segments[next++] ?? refused) : refused;
        }),
      };
    };
    await expect(exchange(b)).resolves.toMatchObject({
      state: 'idle',
      unsent: 0,
      restored: { cases: 1, waiting: 0, refused: 1, missing: 0 },
    });
    expect((await b.handlers['cases.get']({ caseId })).records).toHaveLength(4);
    service.push = push;
    await expect(exchange(b)).resolves.toMatchObject(settled);
  });

  it('may be restored a second time before all is back', async () => {
    const [a, b] = [await sit('Anna'), await sit('Ben')];
    const caseId = await takeReport(a, 'x');
    await exchange(a);
    await exchange(b);
    const restore = service.backUp();
    for (const text of ['one', 'two', 'three']) {
      await addNote(a, caseId, text);
      await exchange(a);
      await exchange(b);
    }
    const before = await caseText(b, caseId);
    restore('second');
    await exchange(a);
    restore('third');
    await exchange(b);
    await exchange(a);
    expect(await caseText(b, caseId)).toBe(before);
    for (const desk of [a, b]) await expect(exchange(desk)).resolves.toMatchObject(settled);
    expect(await caseText(a, caseId)).toBe(before);
  });
});
