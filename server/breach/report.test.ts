/** Of a lost laptop: exactly what it held. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeCrypto, systemIds } from '../../platform/crypto.ts';
import { toBase64Url } from '../../shared/bytes.ts';
import { schemaVersion } from '../../shared/domain/kinds.ts';
import { type CaseId, type LeaseId, newId, type UserId } from '../../shared/ids.ts';
import { blobIdOf } from '../../shared/sync/blobs.ts';
import { signWiped } from '../../shared/sync/wiped.ts';
import { type RunningPostgres, startPostgres } from '../../tools/support/postgres.ts';
import { connect, type Db } from '../db/connect.ts';
import { type Laptop, newCaseId, newRecordId, received } from '../testing/laptop.ts';
import { askAs } from '../testing/questions.ts';
import { startWorld, type World } from '../testing/world.ts';
import { breachReport } from './report.ts';
import type { BreachReport } from './report.types.ts';
import { reportText } from './reportText.ts';

const hourMs = 3_600_000;

let postgres: RunningPostgres;
let world: World;
let owner: pg.Client;
let db: Db;
let folder = '';
let officer: UserId;
let nowMs = Date.parse('2026-11-20T08:00:00.000Z');

beforeAll(async () => {
  postgres = await startPostgres({ ephemeral: true });
  folder = await mkdtemp(join(tmpdir(), 'tma-breach-'));
  const ownerUrl = await postgres.createDatabase('breach');
  world = await startWorld({ ownerUrl, config: { blobs: { dir: folder } }, deps: { nowMs: () => nowMs } });
  owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  db = connect({ databaseUrl: world.databaseUrl, size: 2 });
  await world.service.admin.changeSettings(world.tenant, { policy: { holdHours: 72 } });
  officer = await world.person('Dora', 'dpo');
});
afterAll(async () => {
  await db?.destroy();
  await owner?.end();
  await world?.stop();
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function reportOn(laptop: Laptop): Promise<{ readonly report: BreachReport; readonly text: string }> {
  const text = await breachReport(
    { db, nowMs: () => nowMs },
    { tenant: world.tenant, device: laptop.device, by: officer },
  );
  return { report: JSON.parse(text), text };
}

const fileBytes = Buffer.alloc(100, 5);
const parts = [createHash('sha256').update(fileBytes).digest('base64url')];
const blob = blobIdOf({ sizeBytes: 100, parts }, nodeCrypto);
const letter = {
  ...{ kind: 'evidence', op: 'create' as const, record: newRecordId(), schema: 2 },
  fields: {
    content: { blob, file: '0'.repeat(32), key: toBase64Url(Buffer.alloc(32)), sizeBytes: 100, parts },
  },
};
const note = () => ({
  kind: 'note',
  op: 'create' as const,
  record: newRecordId(),
  fields: { text: 'GEHEIM' },
});

interface Team {
  readonly caseId: CaseId;
  /** Takes Max off it again. */
  end(): Promise<void>;
}

/** A case of Ada's that Max is on. */
async function shared(ada: Laptop, max: Laptop, ...more: Parameters<Laptop['write']>[1][]): Promise<Team> {
  const { epoch } = world.service;
  const caseId = newCaseId();
  const first = ada.write(caseId, received());
  await ada.push(epoch, first);
  const opened = { fields: { status: 'gathering', lead: ada.user ?? '' }, saw: first.ids };
  const record = newRecordId();
  const fields = { user: max.user ?? '', role: 'member' };
  await ada.push(epoch, ada.write(caseId, opened));
  const joined = ada.write(caseId, { kind: 'member', record, op: 'create', fields });
  await ada.push(epoch, joined);
  for (const edit of more) await ada.push(epoch, ada.write(caseId, edit));
  return {
    caseId,
    async end() {
      const left = {
        kind: 'member',
        record,
        op: 'remove' as const,
        fields: { $removed: true },
        saw: joined.ids,
      };
      await ada.push(epoch, ada.write(caseId, left));
    },
  };
}

async function pullAll(laptop: Laptop): Promise<number> {
  const { body } = await laptop.pull(world.service.epoch, { maxBytes: 8 * 1024 * 1024 });
  return body.events.at(-1)?.position ?? 0;
}

const ofCase = (report: BreachReport, caseId: CaseId) => report.cases.find((one) => one.case === caseId);

describe('a report on a lost laptop', () => {
  it('names what it was given, to which entry, since when, for what purpose and until when, and its files', async () => {
    const ada = await world.laptop('Ada');
    const max = await world.laptop('Max', 'member');
    const one = await shared(ada, max, letter);
    const two = await shared(ada, max);
    const unseen = newCaseId();
    await ada.push(world.service.epoch, ada.write(unseen, received()));
    await askAs(ada, world.service.url, {
      method: 'PUT',
      path: `/v1/blobs/${blob}/parts/0`,
      body: fileBytes,
    });
    await max.hello();
    await pullAll(max);
    const asked = { id: newId<LeaseId>(systemIds), case: one.caseId, purpose: 'travel', forMs: 100 * hourMs };
    await max.ask('/v1/sync/leases', { take: asked });
    await askAs(max, world.service.url, { method: 'GET', path: `/v1/blobs/${blob}/parts/0` });
    nowMs += hourMs;
    await max.ask('/v1/sync/hello', { program: '0.1.0', protocol: 1, schema: 1, userCursor: 0 });
    await max.push(world.service.epoch, max.write(two.caseId, note()));
    // What came after it went is not on it.
    await ada.push(world.service.epoch, ada.write(one.caseId, note()));
    const { report, text } = await reportOn(max);
    expect(report.cases.map((held) => held.case).toSorted()).toEqual([one.caseId, two.caseId].toSorted());
    expect(ofCase(report, one.caseId)).toMatchObject({
      ...{ state: 'held', position: 4, logPosition: 5, changesWritten: 0, role: 'member' },
      opened: { sections: null, compartments: [] },
      firstAt: '2026-11-20T08:00:00.000Z',
      heldUntil: '2026-11-24T12:00:00.000Z',
      leases: [{ purpose: 'travel', until: '2026-11-24T12:00:00.000Z', endedAt: null }],
      files: [{ blob, parts: 1, partsHeld: 1, sizeBytes: 100 }],
    });
    expect(ofCase(report, two.caseId)).toMatchObject({
      ...{ position: 4, changesWritten: 1, heldUntil: '2026-11-23T09:00:00.000Z', leases: [], files: [] },
    });
    expect(report.contact).toMatchObject({
      at: '2026-11-20T09:00:00.000Z',
      vaultUntil: '2026-11-24T12:00:00.000Z',
    });
    expect(report.wipe).toBeNull();
    expect(text).not.toContain('GEHEIM');
  });

  it('tells what the laptop had heard and removed from what it never heard of', async () => {
    const ada = await world.laptop('Ada');
    const max = await world.laptop('Max', 'member');
    const gone = await shared(ada, max);
    const late = await shared(ada, max);
    await pullAll(max);
    await gone.end();
    const userCursor = await pullAll(max);
    await max.ask('/v1/sync/hello', { program: '0.1.0', protocol: 1, schema: 1, userCursor });
    await late.end();
    const { report } = await reportOn(max);
    expect(ofCase(report, gone.caseId)).toMatchObject({ state: 'removed', takenAwayAt: expect.any(String) });
    expect(ofCase(report, late.caseId)).toMatchObject({ state: 'held', takenAwayAt: expect.any(String) });
  });

  it('names the sections of a case that was not given as a whole, also those that are closed by now', async () => {
    const ada = await world.laptop('Ada');
    const max = await world.laptop('Max', 'member');
    const { epoch } = world.service;
    const caseId = newCaseId();
    const first = ada.write(caseId, received());
    await ada.push(epoch, first);
    const opened = { fields: { status: 'gathering', lead: ada.user ?? '' }, saw: first.ids };
    await ada.push(epoch, ada.write(caseId, opened));
    const member = { kind: 'member', record: newRecordId() } as const;
    const who = { user: max.user ?? '', role: 'member' };
    const fields = { ...who, sections: { notes: 'write', persons: 'read' } };
    const joined = ada.write(caseId, { ...member, op: 'create', fields, schema: schemaVersion });
    await ada.push(epoch, joined);
    await pullAll(max);
    const fewer = { fields: { sections: { notes: 'read' } }, saw: joined.ids, schema: schemaVersion };
    await ada.push(epoch, ada.write(caseId, { ...member, ...fewer }));
    await pullAll(max);
    const { report } = await reportOn(max);
    expect(ofCase(report, caseId)?.opened).toEqual({ sections: ['persons', 'notes'], compartments: [] });
  });

  it('says of an order to wipe whether it was heard and acknowledged, with what the laptop signed', async () => {
    const max = await world.laptop('Max');
    await max.push(world.service.epoch, max.write(newCaseId(), received()));
    await world.service.admin.revokeDevice(world.tenant, max.device);
    expect((await reportOn(max)).report.wipe).toMatchObject({ heardAt: null, acknowledgedAt: null });
    const wiped = {
      version: 1,
      device: max.device,
      because: 'remote',
      atMs: nowMs,
      cases: 1,
      lost: 2,
    } as const;
    const signed = signWiped(wiped, max.signer);
    await max.ask('/v1/hand-in/wiped', signed);
    expect((await reportOn(max)).report.wipe).toMatchObject({
      acknowledgedAt: expect.any(String),
      lost: 2,
      signed,
    });
  });

  it('is for a data protection officer or an administrator, of that organisation only', async () => {
    const max = await world.laptop('Max');
    const specialist = await world.person('Ada');
    const context = { db, nowMs: () => nowMs };
    const order = { tenant: world.tenant, device: max.device, by: specialist };
    await expect(breachReport(context, order)).rejects.toMatchObject({ code: 'access.denied' });
    const tenant = await world.service.admin.createTenant({ name: 'Other' });
    const by = await world.person('Eve', 'administrator', tenant);
    await expect(breachReport(context, { ...order, tenant, by })).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('stands in the audit log as read, with the hash of the text that was given out', async () => {
    const { text } = await reportOn(await world.laptop('Max'));
    const { rows } = await owner.query<{ entry: string }>(
      'select entry from audit where tenant_id = $1 order by position desc limit 1',
      [world.tenant],
    );
    const digest = createHash('sha256').update(text).digest('base64url');
    expect(JSON.parse(rows[0]?.entry ?? '{}')).toMatchObject({
      type: 'device.reported',
      user: officer,
      digest,
    });
  });

  it.each(['de', 'en'] as const)('reads for people in %s', async (language) => {
    const ada = await world.laptop('Ada');
    const max = await world.laptop('Max', 'member');
    const { caseId } = await shared(ada, max);
    await max.hello();
    await pullAll(max);
    await max.ask('/v1/sync/leases', {
      take: { id: newId<LeaseId>(systemIds), case: caseId, purpose: 'interview', forMs: 100 * hourMs },
    });
    await world.service.admin.revokeDevice(world.tenant, max.device);
    const { report } = await reportOn(max);
    const words = reportText(report, language);
    const number = ofCase(report, caseId)?.number ?? '';
    expect(words).toContain(`\n${number}\n`);
    const expected =
      language === 'de'
        ? [
            'AUF DEM GERÄT: 1 FÄLLE',
            'gegeben: der ganze Fall; Versiegeltes: nichts',
            'Gespräch vor Ort',
            'OFFEN:',
            'VOM GERÄT ENTFERNT: 0 FÄLLE\nKeine.',
          ]
        : [
            'ON THE LAPTOP: 1 CASES',
            'given: the whole case; of what is sealed: nothing',
            'interview on site',
            'OUTSTANDING:',
            'REMOVED FROM THE LAPTOP: 0 CASES\nNone.',
          ];
    for (const one of expected) expect(words).toContain(one);
  });
});
