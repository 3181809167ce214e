/** Files of evidence between two laptops and a real service: PostgreSQL, TLS, the store in a folder. */
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, truncateSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { nodeCrypto, systemIds } from '../../../platform/crypto.ts';
import type { EventOf } from '../../../shared/contract/events.ts';
import { pieceBytes } from '../../../shared/contract/fileProcedures.ts';
import type { CaseId, RecordId, UserId } from '../../../shared/ids.ts';
import { blobPartBytes } from '../../../shared/sync/blobs.ts';
import { type RealService, startRealService } from '../../../tools/support/real-service.ts';
import { shippedCatalogue } from '../catalogue/catalogue.ts';
import { localCalendar } from '../day/calendar.ts';
import { openProfile } from '../device/profile.ts';
import type { CoreConfig } from '../process/control.ts';
import type { Core, CoreDeps } from '../process/coreDeps.ts';
import { createEnrolmentService } from '../service/enrolment.ts';
import { createUnlockService } from '../service/unlocking.ts';
import { assembleCore } from '../session/assemble.ts';
import { createSyncEngine } from '../sync/engine.ts';
import { sealedFiles } from '../vault/attachments/sealedFiles.ts';
import { multipleCiphersDriver } from '../vault/drivers/multipleCiphers.ts';
import { memorySecrets, testKdf, testPassphrase } from '../vault/testing.ts';

vi.setConfig({ testTimeout: 120_000 });

let service: RealService;
let folder: string;
let jana: UserId;
const cores: Core[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tma-carrier-'));
  service = await startRealService();
  jana = await service.addPerson('Jana Petersen', 'intake');
});
afterAll(async () => {
  for (const core of cores) await core.close();
  await service?.close();
  await rm(folder, { recursive: true, force: true });
});

interface Desk extends Core {
  readonly secrets: ReturnType<typeof memorySecrets>;
  readonly profileDir: string;
  /** How far files have come. */
  readonly told: readonly EventOf<'progress'>[];
}

function openDesk(name: string, secrets = memorySecrets()): Desk {
  const profileDir = join(folder, name);
  const config: CoreConfig = {
    ...{ profileDir, programVersion: '0.1.0', startReason: 'start', lockReason: null },
    ...{ service: { url: service.url, caPem: service.caPem }, testKdf },
    driver: 'auto',
  };
  const told: EventOf<'progress'>[] = [];
  const emit: CoreDeps['emit'] = (name, payload) => {
    // The event of this very name has this payload.
    if (name === 'progress') told.push(payload as EventOf<'progress'>);
  };
  const core = assembleCore({
    deps: {
      ...{ config, secrets, emit, requestLock: () => {}, announceUnlocked: () => {} },
      ...{ copyText: () => {}, choosePlace: async () => null, openInBrowser: async () => 'refused' as const },
    },
    profile: openProfile(profileDir, { waitMs: 500 }),
    driver: multipleCiphersDriver,
    clock: {
      nowMs: () => Date.now(),
      after(delayMs, run) {
        const timer = setTimeout(run, delayMs);
        return () => clearTimeout(timer);
      },
    },
    ...{ ids: systemIds, crypto: nodeCrypto, random: () => 0.1, calendar: localCalendar },
    ...{ catalogue: shippedCatalogue(), createEngine: createSyncEngine },
    enrolment: createEnrolmentService(config.service),
    unlocking: createUnlockService(config.service),
  });
  cores.push(core);
  return { ...core, secrets, profileDir, told };
}

async function newDesk(name: string): Promise<Desk> {
  const desk = openDesk(name);
  const code = await service.invite(jana);
  await desk.handlers['session.enrol']({ code, label: name, passphrase: testPassphrase });
  return desk;
}

async function closeDesk(desk: Desk): Promise<void> {
  const at = cores.findIndex(({ handlers }) => handlers === desk.handlers);
  cores.splice(at, 1);
  await desk.close();
}

async function newCase(desk: Desk): Promise<CaseId> {
  const taken = await desk.handlers['reports.take']({
    ...{ channel: 'phone', receivedAt: '2026-11-23T08:00:00.000Z', anonymous: true, emergency: false },
    ...{ reporterName: null, reporterContact: null, who: 'Unbekannt', whoIsAtRisk: null },
    ...{ what: 'Ein Brief', where: null, when: null, behaviours: [] },
  });
  return taken.caseId;
}

async function add(desk: Desk, caseId: CaseId, bytes: Buffer): Promise<RecordId> {
  const { transfer } = await desk.handlers['files.begin']({ sizeBytes: bytes.length });
  const described = { description: null, source: 'Poststelle', occurredAt: null, name: 'Notiz.pdf' };
  const answer = desk.handlers['evidence.add']({ caseId, transfer, ...described });
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    const piece = bytes.subarray(at, at + pieceBytes).toString('base64');
    await desk.handlers['files.put']({ transfer, bytes: piece });
  }
  return (await answer).recordId;
}

const letter = (sizeBytes: number) => Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(sizeBytes)]);
const hashOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const isSent = async (desk: Desk, caseId: CaseId, recordId: RecordId) =>
  (await desk.handlers['evidence.places']({ caseId })).here.find((one) => one.recordId === recordId)?.isSent;
const attachmentsOf = (desk: Desk) => readdirSync(join(desk.profileDir, 'attachments'));

/** The case has come to a laptop with the record in it. */
async function arrived(desk: Desk, caseId: CaseId, recordId: RecordId) {
  await desk.handlers['sync.now']({});
  await expect
    .poll(
      async () =>
        (await desk.handlers['cases.get']({ caseId }).catch(() => null))?.records.some(
          ({ id }) => id === recordId,
        ),
      { timeout: 20_000 },
    )
    .toBe(true);
}

describe('a file of evidence', () => {
  it('is sent after its change, fetched by the other laptop when wanted, and is the same there', async () => {
    const [one, two] = [await newDesk('one'), await newDesk('two')];
    const bytes = letter(blobPartBytes + 500_000);
    const caseId = await newCase(one);
    const recordId = await add(one, caseId, bytes);
    await expect.poll(() => isSent(one, caseId, recordId), { timeout: 30_000 }).toBe(true);
    const sent = one.told.filter(({ task, record }) => task === 'send' && record === recordId);
    const [first, second, last] = sent.slice(-3).map(({ doneBytes, totalBytes }) => [doneBytes, totalBytes]);
    expect([first?.[0], second?.[0], last?.[0]]).toEqual([0, blobPartBytes, last?.[1]]);
    await arrived(two, caseId, recordId);
    expect(await isSent(two, caseId, recordId)).toBeUndefined();
    await two.handlers['evidence.fetch']({ caseId, recordId });
    expect(await isSent(two, caseId, recordId)).toBe(true);
    const [file = ''] = attachmentsOf(two);
    expect(readFileSync(join(two.profileDir, 'attachments', file))).toEqual(
      readFileSync(join(one.profileDir, 'attachments', file)),
    );
    const { records } = await two.handlers['cases.get']({ caseId });
    expect(records.find(({ id }) => id === recordId)?.values.sha256).toBe(hashOf(bytes));
  });

  it('waits calmly while there is no service, and is sent by itself once there is', async () => {
    const desk = await newDesk('three');
    const caseId = await newCase(desk);
    await desk.handlers['sync.hold']({ offline: true });
    const recordId = await add(desk, caseId, letter(1_000));
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await isSent(desk, caseId, recordId)).toBe(false);
    const other = await newDesk('four');
    await expect(other.handlers['evidence.fetch']({ caseId, recordId })).rejects.toMatchObject({
      code: 'case.not-found',
    });
    await desk.handlers['sync.hold']({ offline: false });
    await expect.poll(() => isSent(desk, caseId, recordId), { timeout: 30_000 }).toBe(true);
  });

  it('goes on where it broke off: sending after a restart of the program, fetching behind the last part', async () => {
    const one = await newDesk('five');
    const caseId = await newCase(one);
    await one.handlers['sync.now']({});
    await one.handlers['sync.hold']({ offline: true });
    const bytes = letter(2 * blobPartBytes + 100_000);
    const recordId = await add(one, caseId, bytes);
    await closeDesk(one);
    const again = openDesk('five', one.secrets);
    await again.handlers['session.unlock']({ passphrase: testPassphrase });
    await again.handlers['sync.hold']({ offline: false });
    await expect.poll(() => isSent(again, caseId, recordId), { timeout: 30_000 }).toBe(true);

    const two = await newDesk('six');
    await arrived(two, caseId, recordId);
    await two.handlers['evidence.fetch']({ caseId, recordId });
    const [file = ''] = attachmentsOf(again);
    const whole = readFileSync(join(again.profileDir, 'attachments', file));
    // As a kill in the middle of the second part would have left it.
    const three = await newDesk('seven');
    await arrived(three, caseId, recordId);
    const begun = await sealedFiles(three.profileDir).receive(file);
    await begun.append(whole.subarray(0, blobPartBytes));
    await begun.append(whole.subarray(blobPartBytes, 2 * blobPartBytes));
    await begun.close();
    truncateSync(join(three.profileDir, 'attachments', `${file}.fetch`), blobPartBytes + 77);
    await three.handlers['evidence.fetch']({ caseId, recordId });
    expect(attachmentsOf(three)).toEqual([file]);
    expect(readFileSync(join(three.profileDir, 'attachments', file)).equals(whole)).toBe(true);
  });

  it('goes from the disk with its case, also where it was only begun to be fetched', async () => {
    const [one, two] = [await newDesk('eight'), await newDesk('nine')];
    const carla = await service.addPerson('Carla Nowak');
    const caseId = await newCase(one);
    const whole = await add(one, caseId, letter(1_000));
    await add(one, caseId, letter(2_000));
    await expect.poll(() => isSent(one, caseId, whole), { timeout: 30_000 }).toBe(true);
    await arrived(two, caseId, whole);
    await two.handlers['evidence.fetch']({ caseId, recordId: whole });
    const begun = attachmentsOf(one).find((name) => !attachmentsOf(two).includes(name)) ?? '';
    const receiving = await sealedFiles(two.profileDir).receive(begun);
    await receiving.append(Buffer.alloc(10));
    await receiving.close();
    expect(attachmentsOf(two)).toHaveLength(2);
    const triage = { outcome: 'open' as const, reason: 'x', title: 'x', lead: carla };
    await one.handlers['reports.triage']({ caseId, ...triage });
    await expect
      .poll(
        async () => {
          await two.handlers['sync.now']({});
          return attachmentsOf(two);
        },
        { timeout: 30_000 },
      )
      .toEqual([]);
    // What no case knows of goes when the vault is opened next.
    const stray = await sealedFiles(two.profileDir).receive('f'.repeat(32));
    await stray.close();
    await closeDesk(two);
    await openDesk('nine', two.secrets).handlers['session.unlock']({ passphrase: testPassphrase });
    expect(attachmentsOf(two)).toEqual([]);
  });
});
