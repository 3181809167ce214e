/** Laptops restored from an older copy, or copied and both used, against the real service: nothing waits for a person. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { newSigningSeed, signerFromSeed } from '../../../platform/crypto.ts';
import { toBase64Url } from '../../../shared/bytes.ts';
import type { CaseId } from '../../../shared/ids.ts';
import { type RealService, startRealService } from '../../../tools/support/real-service.ts';
import { addNote, caseText, type Desk, type DeskOptions, openDesk, synced, takeReport } from './testing.ts';

let service: RealService;
let folder = '';
const desks: Desk[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tma-succeed-'));
  service = await startRealService();
});
afterAll(async () => {
  await service.close();
  await rm(folder, { recursive: true, force: true });
});
afterEach(async () => {
  for (const desk of desks.splice(0)) await desk.close();
});

async function enrolled(name: string): Promise<DeskOptions> {
  const user = await service.addPerson(name, 'specialist');
  const signer = signerFromSeed(newSigningSeed());
  return {
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
  };
}

async function sit(options: DeskOptions): Promise<Desk> {
  const desk = await openDesk(options);
  desks.push(desk);
  return desk;
}

/** The files as they are now, for another desk. */
async function copied(options: DeskOptions): Promise<DeskOptions> {
  const target = await mkdtemp(join(folder, 'copy-'));
  await cp(options.folder, target, { recursive: true });
  return { ...options, folder: target };
}

/** An exchange while nothing else is on the way. */
async function exchange(desk: Desk) {
  await desk.engine.hold(false);
  const view = await synced(desk);
  await desk.engine.hold(true);
  return view;
}

async function notesIn(desk: Desk, caseId: CaseId): Promise<readonly unknown[]> {
  const { records } = await desk.handlers['cases.get']({ caseId });
  return records.flatMap(({ kind, values }) => (kind === 'note' ? [values.text] : [])).toSorted();
}

const settled = { state: 'idle', unsent: 0, error: null };

describe('a laptop that was copied while it held something unsent', () => {
  it('ends as two, which both hand in what they hold and show the same', async () => {
    const options = await enrolled('Anna');
    const one = await sit(options);
    const caseId = await takeReport(one, 'x');
    await exchange(one);
    await addNote(one, caseId, 'before the copy');
    const two = await sit(await copied(options));
    await addNote(one, caseId, 'by the first');
    await addNote(two, caseId, 'by the second');
    await expect(exchange(one)).resolves.toMatchObject(settled);
    await expect(exchange(two)).resolves.toMatchObject(settled);
    expect(two.owner.deviceId).not.toBe(one.owner.deviceId);
    await addNote(one, caseId, 'later');
    await expect(exchange(one)).resolves.toMatchObject(settled);
    await expect(exchange(two)).resolves.toMatchObject(settled);
    expect(await notesIn(two, caseId)).toEqual(['before the copy', 'by the first', 'by the second', 'later']);
    expect(await caseText(one, caseId)).toBe(await caseText(two, caseId));
  });
});

describe('a laptop that was restored from an older copy', () => {
  it('goes on under a new id before it writes anything under a number that was used', async () => {
    const options = await enrolled('Ben');
    const one = await sit(options);
    const caseId = await takeReport(one, 'x');
    await exchange(one);
    const older = await copied(options);
    await addNote(one, caseId, 'sent since');
    await exchange(one);
    const restored = await sit(older);
    await expect(exchange(restored)).resolves.toMatchObject(settled);
    expect(restored.owner.deviceId).not.toBe(options.owner.deviceId);
    expect(await notesIn(restored, caseId)).toEqual(['sent since']);
  });

  it('hands in what it wrote before it noticed', async () => {
    const options = await enrolled('Cem');
    const one = await sit(options);
    const caseId = await takeReport(one, 'x');
    await exchange(one);
    const older = await copied(options);
    await addNote(one, caseId, 'sent since');
    await exchange(one);
    const restored = await sit(older);
    await addNote(restored, caseId, 'under a number that was used');
    const begun = await takeReport(restored, 'another case');
    await expect(exchange(restored)).resolves.toMatchObject(settled);
    expect(await notesIn(restored, caseId)).toEqual(['sent since', 'under a number that was used']);
    expect((await restored.handlers['cases.get']({ caseId: begun })).line.number).not.toBeNull();
    // It writes on as the device it is now.
    await addNote(restored, caseId, 'after that');
    await expect(exchange(restored)).resolves.toMatchObject(settled);
  });

  it('keeps apart from a stranger: one whose device was withdrawn gets no new id', async () => {
    const options = await enrolled('Dana');
    const one = await sit(options);
    await takeReport(one, 'x');
    await exchange(one);
    const older = await copied(options);
    await service.admin.revokeDevice(service.tenant, options.owner.deviceId);
    const restored = await sit(older);
    await expect(exchange(restored)).resolves.toMatchObject({ error: 'auth.device-revoked' });
    expect(restored.owner.deviceId).toBe(options.owner.deviceId);
  });
});
