/** Another laptop of the same person that has written many cases, so that there is something to sync for the first time. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newFields, reportDrafts } from '../../electron/core/intake/drafts.ts';
import { appendOwnChanges } from '../../electron/core/storage/ownChanges.ts';
import { openDesk, synced } from '../../electron/core/sync/testing.ts';
import { newSigningSeed, signerFromSeed, systemIds } from '../../platform/crypto.ts';
import { toBase64Url } from '../../shared/bytes.ts';
import { type CaseId, newId, type RecordId } from '../../shared/ids.ts';
import type { Person, Stack } from '../support/stack.ts';

const casesAtOnce = 200;

export async function writeManyCases(stack: Stack, person: Person, count: number): Promise<void> {
  const signer = signerFromSeed(newSigningSeed());
  const { admin, port, publicKey } = stack.service();
  const device = { tenant: stack.tenant, user: person.id, label: 'Laptop 1' };
  const folder = await mkdtemp(join(tmpdir(), 'tma-many-'));
  const desk = await openDesk({
    ...{ folder, name: person.name, signer },
    service: { url: `https://localhost:${port}`, caPem: stack.caPem },
    owner: {
      deviceId: await admin.registerDevice({ ...device, publicKey: toBase64Url(signer.publicKey) }),
      ...{ deviceLabel: device.label, userId: person.id, userName: person.name, userRole: person.role },
      ...{ tenantId: stack.tenant, tenantName: stack.tenantName, serviceKey: toBase64Url(publicKey) },
    },
  });
  try {
    for (let from = 0; from < count; from += casesAtOnce) {
      await desk.vault.write(async (tx) => {
        for (let nth = from; nth < Math.min(count, from + casesAtOnce); nth++) {
          const caseId = newId<CaseId>(systemIds);
          const drafts = [...report(caseId, person, nth), observation(nth)];
          await appendOwnChanges(tx, desk.workspace.author, { caseId, drafts });
        }
      });
    }
    const { error } = await synced(desk);
    if (error !== null) throw new Error(`the other laptop could not push: ${error}`);
  } finally {
    await desk.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function report(caseId: CaseId, { id: takenBy }: Person, nth: number) {
  const nobody = { reporterName: null, reporterContact: null, whoIsAtRisk: null, where: null, when: null };
  return reportDrafts(
    {
      ...nobody,
      channel: 'phone',
      receivedAt: new Date(Date.UTC(2026, 10, 23, 8) + nth * 1_000).toISOString(),
      anonymous: true,
      who: `Person ${nth}`,
      what: `Hat im Parkhaus gedroht, Meldung ${nth}.`,
      behaviours: [],
      emergency: false,
    },
    { caseId, reportId: newId<RecordId>(systemIds), takenBy },
  );
}

function observation(nth: number) {
  const fields = newFields('observation', { text: `Stand nach der Schicht am Tor, zum ${nth % 7}. Mal.` });
  return { record: newId<RecordId>(systemIds), kind: 'observation', op: 'create' as const, fields };
}
