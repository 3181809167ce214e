/** The log of a case as it leaves a laptop: a file that is checked with nothing but the file. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportLog } from '../../electron/core/cases/exportLog.ts';
import type { FilePlace } from '../../electron/core/process/control.ts';
import { addNote, type Desk, openDesk, synced, takeReport } from '../../electron/core/sync/testing.ts';
import { newSigningSeed, signerFromSeed } from '../../platform/crypto.ts';
import { toBase64Url } from '../../shared/bytes.ts';
import type { CaseId } from '../../shared/ids.ts';
import { type RealService, startRealService } from '../support/real-service.ts';
import { check, type Options } from './check.ts';

let service: RealService;
let folder: string;
let desk: Desk;
let caseId: CaseId;
let file: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tma-export-'));
  file = join(folder, 'log.jsonl');
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

const save = (place: FilePlace | null = { type: 'file', path: file }) =>
  exportLog(desk.workspace, async () => place, caseId);
const told = async (options: Options = {}) => {
  const { exitCode, lines } = await check(file, {
    'service-key': toBase64Url(service.publicKey),
    case: caseId,
    ...options,
  });
  return { exitCode, text: lines.join('\n') };
};
const audited = async () => {
  const rows = await desk.vault.db.selectFrom('audit').select('action').execute();
  return rows.filter(({ action }) => action === 'case.log-exported').length;
};

describe('the log of a case, taken out of a laptop', () => {
  it('verifies offline, has no word of its content, and its leaving is noted', async () => {
    expect(await save()).toEqual({ saved: true });
    expect(await told()).toMatchObject({
      exitCode: 0,
      text: expect.stringMatching(/sound\. case .* of 1 devices/),
    });
    expect(await readFile(file, 'utf8')).not.toMatch(/eins|zwei|drei|angekündigt/);
    expect(await audited()).toBe(1);
  });

  it('stays where it is when the person chooses no place', async () => {
    expect(await save(null)).toEqual({ saved: false });
    expect(await audited()).toBe(1);
  });

  it('is found out when a line was changed or taken out', async () => {
    await save();
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace(/^.*"position":2,"device".*\n/m, ''));
    expect(await told()).toMatchObject({ exitCode: 1, text: expect.stringMatching(/entry 2 is missing/) });
    await writeFile(file, text.replace('"status":"applied"', '"status":"quarantined"'));
    expect(await told()).toMatchObject({ exitCode: 1 });
  });

  it('shows what somebody changed in the vault before', async () => {
    await desk.vault.write((tx) =>
      tx
        .updateTable('log')
        .set({ payload: '{"text":{"saw":[],"value":"keins"}}' })
        .where('position', '=', 2)
        .execute(),
    );
    await save();
    expect(await told()).toMatchObject({ exitCode: 1, text: expect.stringMatching(/entry 2 .*is not what/) });
  });
});

describe('against the write-once storage', () => {
  /** The witness makes its statement, the laptop hears of it, and a copy of the storage lies in a folder. */
  const witnessed = async (hoursLater: number) => {
    await service.witness(hoursLater);
    await desk.log.set('witnessAskedAtMs', 0);
    await synced(desk);
    const row = await desk.vault.db
      .selectFrom('witnessed')
      .select('said')
      .where('case_id', '=', caseId)
      .executeTakeFirstOrThrow();
    const { statement } = JSON.parse(row.said) as { statement: object }; // kept by the laptop itself
    const inside = join(folder, 'witness', 'roots', service.tenant);
    await mkdir(inside, { recursive: true });
    await writeFile(join(inside, `${hoursLater}.json`), JSON.stringify(statement));
  };
  const witness = () => ({ witness: join(folder, 'witness') });

  it('is not called broken while the laptop has not been told of a statement', async () => {
    caseId = await takeReport(desk, 'Ein zweiter Fall.');
    await synced(desk);
    await save();
    expect(await told(witness())).toMatchObject({
      exitCode: 2,
      text: expect.stringMatching(/had not been told/),
    });
  });

  it('is named by a statement that lies there, be it the newest or not', async () => {
    await witnessed(0);
    await save();
    await addNote(desk, caseId, 'später');
    await synced(desk);
    await witnessed(1);
    const { exitCode, text } = await told(witness());
    expect(text).toMatch(/The witness of .*Z names it at entry \d/);
    expect(exitCode).toBe(0);
  });

  it('is found out when the statement was made for this laptop alone', async () => {
    await save();
    await rm(join(folder, 'witness', 'roots', service.tenant, '1.json'));
    expect(await told(witness())).toMatchObject({
      exitCode: 1,
      text: expect.stringMatching(/is not proved/),
    });
  });
});
