/** A case that came from the real service, checked on the laptop; and what somebody changes in the vault is found. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newSigningSeed, signerFromSeed } from '../../../platform/crypto.ts';
import { toBase64Url } from '../../../shared/bytes.ts';
import type { CaseId } from '../../../shared/ids.ts';
import { type RealService, startRealService } from '../../../tools/support/real-service.ts';
import { addNote, type Desk, openDesk, synced, takeReport } from '../sync/testing.ts';

let service: RealService;
let folder: string;
let desk: Desk;
let caseId: CaseId;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tma-verify-'));
  service = await startRealService();
  const user = await service.addPerson('Anna', 'specialist');
  const signer = signerFromSeed(newSigningSeed());
  desk = await openDesk({
    ...{ folder: await mkdtemp(join(folder, 'laptop-')), name: 'Anna', signer },
    service: { url: service.url, caPem: service.caPem },
    owner: {
      deviceId: await service.register(user, signer.publicKey),
      ...{ deviceLabel: 'Laptop', userId: user, userName: 'Anna', userRole: 'specialist' },
      ...{ tenantId: service.tenant, tenantName: 'Nordwerk', serviceKey: toBase64Url(service.publicKey) },
    },
  });
  caseId = await takeReport(desk, 'Er hat es angekündigt.');
  for (const text of ['eins', 'zwei', 'drei']) {
    await addNote(desk, caseId, text);
    await synced(desk);
  }
});
afterAll(async () => {
  await desk?.close();
  await service?.close();
  await rm(folder, { recursive: true, force: true });
});

const verify = () => desk.handlers['cases.verify']({ caseId });

async function tampered(change: string, undo: string) {
  await desk.vault.write((tx) => sql.raw(change).execute(tx));
  const result = await verify();
  await desk.vault.write((tx) => sql.raw(undo).execute(tx));
  return result;
}

describe('a case on a laptop', () => {
  it('verifies from its first entry on, and says by whose key', async () => {
    expect(await verify()).toMatchObject({
      ...{ outcome: 'sound', devices: 1, unsent: 0, serviceKey: toBase64Url(service.publicKey) },
    });
  });

  it('verifies as well while something of it waits to be sent', async () => {
    await addNote(desk, caseId, 'noch nicht gesendet');
    expect(await verify()).toMatchObject({ outcome: 'sound', unsent: 1 });
    await synced(desk);
    expect(await verify()).toMatchObject({ outcome: 'sound', unsent: 0 });
  });

  it('shows what somebody changed in it', async () => {
    const swap = (from: string, to: string) =>
      `UPDATE log SET payload = replace(payload, '${from}', '${to}')`;
    expect(await tampered(swap('eins', 'keins'), swap('keins', 'eins'))).toMatchObject({
      ...{ outcome: 'broken', at: { kind: 'edited' } },
    });
    const status = (to: string) => `UPDATE log SET received_ms = received_ms ${to} 1 WHERE position = 2`;
    expect(await tampered(status('+'), status('-'))).toMatchObject({ outcome: 'broken' });
    const move = (from: number, to: number) => `UPDATE log SET position = ${to} WHERE position = ${from}`;
    expect(await tampered(move(2, 99), move(99, 2))).toMatchObject({ at: { kind: 'omitted', position: 2 } });
    expect(await verify()).toMatchObject({ outcome: 'sound' });
  });
});
