/** A laptop whose person reads part of a case: it verifies all of the log, shows what is theirs, and lets go in time. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { newSigningSeed, signerFromSeed, systemIds } from '../../../platform/crypto.ts';
import { toBase64Url } from '../../../shared/bytes.ts';
import { glassOpenMs } from '../../../shared/domain/kinds/glass.ts';
import type { OrgRole } from '../../../shared/domain/people.ts';
import { type CaseId, newId, type RecordId } from '../../../shared/ids.ts';
import type { Json } from '../../../shared/json.ts';
import { type RealService, startRealService } from '../../../tools/support/real-service.ts';
import { addNote, type Desk, eventsOf, openDesk, synced, takeReport } from './testing.ts';

let service: RealService;
let folder = '';
let owner: pg.Client;
const desks: Desk[] = [];
const escrow = generateKeyPairSync('x25519').publicKey.export({ format: 'jwk' });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tma-sections-'));
  service = await startRealService();
  await service.admin.changeSettings(service.tenant, {
    escrow: { keyId: 'safe-1', publicKey: String(escrow.x) },
  });
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

async function write(
  desk: Desk,
  caseId: CaseId,
  {
    kind,
    record = newId<RecordId>(systemIds),
    ...values
  }: { kind: string; record?: RecordId; [field: string]: Json },
): Promise<RecordId> {
  const view = await desk.handlers['cases.get']({ caseId });
  const known = view.records.find(({ id }) => id === record);
  const fields = Object.fromEntries(
    Object.entries(values).map(([field, value]) => [field, { value, saw: known?.saw[field] ?? [] }]),
  );
  const op = known === undefined ? 'create' : 'update';
  await desk.handlers['cases.edit']({ caseId, edits: [{ record, kind, op, fields }] });
  return record;
}

/** A case that Anna leads, with a person of whom something medical is known. */
async function opened() {
  const anna = await sit('Anna');
  const caseId = await takeReport(anna, 'Droht am Telefon', 'Jana Beck');
  const triage = {
    outcome: 'open',
    reason: 'Konkret.',
    title: 'Fall Nord',
    lead: anna.owner.userId,
  } as const;
  await anna.handlers['reports.triage']({ caseId, ...triage });
  const person = await write(anna, caseId, { kind: 'person', name: 'J. Beck', medical: 'In Behandlung' });
  await addNote(anna, caseId, 'Rückruf vereinbart');
  await synced(anna);
  return { anna, caseId, person };
}

const invite = (desk: Desk, more: Record<string, Json> = {}) => {
  return { kind: 'member', user: desk.owner.userId, role: 'member', until: null, ...more };
};
async function shown(desk: Desk, caseId: CaseId): Promise<readonly string[]> {
  const { records } = await desk.handlers['cases.get']({ caseId });
  return records
    .filter(({ kind }) => kind !== 'case' && kind !== 'member')
    .map(({ kind, values }) => `${kind}: ${Object.keys(values).sort().join(' ')}`)
    .sort();
}
/** Everything the vault holds of a case, as one text. */
async function held(desk: Desk, caseId: CaseId): Promise<string> {
  const log = await desk.vault.db.selectFrom('log').selectAll().where('case_id', '=', caseId).execute();
  const records = await desk.vault.db
    .selectFrom('records')
    .selectAll()
    .where('case_id', '=', caseId)
    .execute();
  const texts = await sql`select title, body, forms from search`.execute(desk.vault.db);
  return JSON.stringify([log, records, texts.rows]);
}

describe('a laptop of somebody who was invited to part of a case', () => {
  it('verifies the whole log, shows and keeps what the invitation names, and nothing else', async () => {
    const { anna, caseId } = await opened();
    const doctor = await sit('Doc', 'member');
    await write(anna, caseId, invite(doctor, { sections: { persons: 'read' }, compartments: ['medical'] }));
    await synced(anna);
    await synced(doctor);
    expect(await shown(doctor, caseId)).toEqual(['person: medical name']);
    expect(await held(doctor, caseId)).not.toMatch(/Droht|Jana|Rückruf/);
    expect(await doctor.handlers['cases.verify']({ caseId })).toMatchObject({ outcome: 'sound' });
    const { rights, sealed } = await doctor.handlers['cases.get']({ caseId });
    expect(rights).toMatchObject({
      standing: 'member',
      sections: { persons: 'read' },
      compartments: ['medical'],
    });
    expect(sealed).toEqual([]);
    const { entries } = await doctor.handlers['cases.history']({ caseId, offset: 0, limit: 100 });
    expect(new Set(entries.map(({ kind }) => kind))).toEqual(new Set(['case', 'person', 'member']));
    expect((await doctor.handlers['search.query']({ text: 'Rückruf', limit: 20 })).hits).toEqual([]);
    await expect(addNote(doctor, caseId, 'x')).rejects.toMatchObject({ code: 'access.denied' });
  });

  it('takes the case anew when the invitation opens more or less, and keeps what was not sent', async () => {
    const { anna, caseId, person } = await opened();
    const max = await sit('Max', 'member');
    const member = await write(anna, caseId, invite(max, { sections: { persons: 'write' } }));
    await synced(anna);
    await synced(max);
    expect(await shown(max, caseId)).toEqual(['person: name']);
    await max.engine.hold(true);
    await write(max, caseId, { kind: 'person', record: person, position: 'Schlosser' });
    await write(anna, caseId, {
      kind: 'member',
      record: member,
      sections: { persons: 'write', notes: 'read' },
    });
    await synced(anna);
    await max.engine.hold(false);
    await synced(max);
    expect(await shown(max, caseId)).toEqual(['note: text', 'person: name position']);
    await synced(anna);
    expect(await shown(anna, caseId)).toContain('person: medical name position');
    await write(anna, caseId, { kind: 'member', record: member, sections: { notes: 'read' } });
    await synced(anna);
    await synced(max);
    expect(await shown(max, caseId)).toEqual(['note: text']);
    expect(await held(max, caseId)).not.toMatch(/Beck|Schlosser/);
    expect(await max.handlers['cases.verify']({ caseId })).toMatchObject({ outcome: 'sound' });
  });

  it('lets go of the case when the invitation ends, with no line to anybody', async () => {
    const { anna, caseId } = await opened();
    const max = await sit('Max', 'member');
    const until = new Date(Date.now() + 3_600_000).toISOString();
    await write(anna, caseId, invite(max, { sections: { notes: 'write' }, until }));
    await synced(anna);
    await synced(max);
    await max.engine.hold(true);
    await addNote(max, caseId, 'Noch nicht gesendet');
    max.setSkew(3_600_001);
    await max.restart();
    max.engine.start();
    await expect.poll(() => max.log.caseIds('all')).toEqual([]);
    expect(await held(max, caseId)).not.toContain('Noch nicht gesendet');
    expect(await max.log.packets()).toHaveLength(1);
  });
});

describe('a sealed part of a case', () => {
  it('is written apart by the program, shown as sealed, and opened by breaking the glass for hours', async () => {
    const { anna, caseId, person } = await opened();
    const [max, dora] = [await sit('Max'), await sit('Dora', 'dpo')];
    await write(anna, caseId, invite(max, { role: 'specialist' }));
    await synced(anna);
    await synced(max);
    await synced(dora);
    expect(await shown(max, caseId)).toContain('person: name');
    const { sealed } = await max.handlers['cases.get']({ caseId });
    expect(sealed).toContainEqual({ record: person, kind: 'person', compartment: 'medical', whole: false });
    expect(sealed.map(({ compartment }) => compartment)).toContain('reporter-identity');
    expect(await held(max, caseId)).not.toMatch(/Behandlung|Jana/);
    const glass = {
      kind: 'glass',
      compartment: 'medical',
      by: max.owner.userId,
      at: new Date().toISOString(),
    };
    await expect(write(max, caseId, { ...glass, reason: ' ' })).rejects.toMatchObject({
      code: 'glass.reason-missing',
    });
    await write(max, caseId, { ...glass, reason: 'Er steht vor der Tür' });
    await synced(max);
    expect(await shown(max, caseId)).toContain('person: medical name');
    await expect
      .poll(async () => (await dora.handlers['day.get']({})).glass)
      .toMatchObject([{ caseId, user: max.owner.userId, reason: 'Er steht vor der Tür', seen: false }]);
    expect(eventsOf(dora, 'glass')).toHaveLength(1);
    const [told] = (await dora.handlers['day.get']({})).glass;
    if (told === undefined) throw new Error('the data protection officer was told');
    await dora.handlers['day.seenGlass']({
      caseId,
      user: told.user,
      compartment: told.compartment,
      at: told.at,
    });
    expect((await dora.handlers['day.get']({})).glass).toMatchObject([{ seen: true }]);
    // Four hours later it is closed, without a line.
    await max.engine.hold(true);
    max.setSkew(glassOpenMs + 60_000);
    await max.restart();
    max.engine.start();
    await expect.poll(() => shown(max, caseId)).toContain('person: name');
    expect(await held(max, caseId)).not.toContain('Behandlung');
    expect(await max.handlers['cases.verify']({ caseId })).toMatchObject({ outcome: 'sound' });
    await owner.query(`update glass set until = now() where case_id = $1`, [caseId]);
    await max.engine.hold(false);
    await synced(max);
    expect(await max.handlers['cases.verify']({ caseId })).toMatchObject({ outcome: 'sound' });
    expect(await shown(max, caseId)).toContain('person: name');
    expect(await shown(max, caseId)).toContain('glass: at by compartment reason');
  });

  it('is closed to whoever took the report once others lead the case', async () => {
    const [taker, lead] = [await sit('Timo'), await sit('Lena')];
    const caseId = await takeReport(taker, 'Droht', 'Jana Beck');
    await synced(taker);
    const triage = {
      outcome: 'open',
      reason: 'Konkret.',
      title: 'Fall Süd',
      lead: lead.owner.userId,
    } as const;
    const team = [{ user: taker.owner.userId, role: 'specialist' as const }];
    await taker.handlers['reports.triage']({ caseId, ...triage, team });
    await synced(taker);
    expect(await held(taker, caseId)).not.toContain('Jana');
    await synced(lead);
    expect(await held(lead, caseId)).toContain('Jana');
  });
});
