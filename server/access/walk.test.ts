/**
 * S04: every route the service describes, asked by everybody who has no business with a case: each role, another
 * tenant, a revoked laptop, a closed account, a stranger. Nothing of the case may be in any answer. The tables are
 * walked in `db/wall.test.ts`.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeCrypto } from '../../platform/crypto.ts';
import { toBase64Url } from '../../shared/bytes.ts';
import { orgRoles } from '../../shared/domain/people.ts';
import { type Compartment, compartments, type Section, sections } from '../../shared/domain/sections.ts';
import type { TenantId, UserId } from '../../shared/ids.ts';
import type { Json } from '../../shared/json.ts';
import { blobIdOf } from '../../shared/sync/blobs.ts';
import { type RunningPostgres, startPostgres } from '../../tools/support/postgres.ts';
import { type Edit, Laptop, newCaseId, newRecordId, received } from '../testing/laptop.ts';
import { askAs, describedRoutes, type Question, questionsAbout, type Target } from '../testing/questions.ts';
import { startWorld, type World } from '../testing/world.ts';

let postgres: RunningPostgres;
let folder = '';
let world: World;
let owner: pg.Client;
let lead: Laptop;
let otherTenant: TenantId;
/** What its lead is shown as it is. */
let shown: readonly string[];
/** Texts that are in the case and nowhere else. */
let secrets: readonly string[];

const caseId = newCaseId();
const note = newRecordId();
const parts = [toBase64Url(Buffer.alloc(32, 7))];
const blob = blobIdOf({ sizeBytes: 100, parts }, nodeCrypto);
const fileKey = toBase64Url(Buffer.alloc(32, 9));

beforeAll(async () => {
  postgres = await startPostgres({ ephemeral: true });
  folder = await mkdtemp(join(tmpdir(), 'tma-walk-'));
  const ownerUrl = await postgres.createDatabase('walk');
  world = await startWorld({ ownerUrl, config: { blobs: { dir: folder } } });
  owner = new pg.Client({ connectionString: world.ownerUrl });
  await owner.connect();
  lead = await world.laptop('Ada');
  const { epoch } = world.service;
  const begun = lead.write(caseId, received('KANARIENVOGEL-TITEL'));
  await lead.push(epoch, begun);
  const opened = { fields: { status: 'gathering', lead: lead.user ?? '' }, saw: begun.ids };
  const said = { kind: 'note', op: 'create' as const, record: note, fields: { text: 'KANARIENVOGEL-TEXT' } };
  const file = {
    ...{ kind: 'evidence', op: 'create' as const, record: newRecordId(), schema: 2 },
    fields: { content: { blob, file: '0'.repeat(32), key: fileKey, sizeBytes: 100, parts } },
  };
  await lead.push(epoch, lead.write(caseId, opened, said, file));
  otherTenant = await world.service.admin.createTenant({ name: 'Other GmbH' });
  const { rows } = await owner.query(
    `select c.hash, c.running, k.number from changes c join cases k using (tenant_id, case_id)
     where c.case_id = $1`,
    [caseId],
  );
  const hashes = rows.flatMap((row) => [toBase64Url(row.hash), toBase64Url(row.running)]);
  shown = ['KANARIENVOGEL', note, fileKey, rows[0].number];
  secrets = [...shown, ...hashes];
  expect(rows).toHaveLength(4);
});
afterAll(async () => {
  await owner?.end();
  await world?.stop();
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Every route, with every question about the case. */
async function questions(): Promise<readonly Question[]> {
  const target = { caseId, blob, tenant: world.tenant, epoch: world.service.epoch };
  const known = questionsAbout(target);
  const described = await describedRoutes(world.service.url);
  expect(new Set(described)).toEqual(new Set(known.keys()));
  return described.flatMap((route) => {
    const [method = '', path = ''] = route.split(' ');
    const filled = path.replace('{id}', blob).replace('{n}', '0');
    const asked = known.get(route) ?? [];
    // Checked to be one of the described methods when the keys were compared.
    return asked.map((body): Question => ({ method: method as Question['method'], path: filled, body }));
  });
}

const invitation = (laptop: Laptop, fields: Readonly<Record<string, Json>>): Edit => ({
  ...{ kind: 'member', op: 'create' as const, record: newRecordId() },
  fields: { user: laptop.user ?? '', role: 'member', until: null, ...fields },
});

/** A case with something in every section, and something sealed in every compartment. */
async function sectionedCase() {
  const own = newCaseId();
  const sizeBytes = 100 + Math.floor(Math.random() * 1_000_000);
  const ownBlob = blobIdOf({ sizeBytes, parts }, nodeCrypto);
  const begun = lead.write(own, received());
  const texts: Readonly<Record<Section, readonly string[]>> = {
    report: ['KANARIE-REPORT'],
    persons: ['KANARIE-PERSON'],
    observations: ['KANARIE-OBSERVATION'],
    assessments: ['KANARIE-ASSESSMENT'],
    measures: ['KANARIE-MEASURE'],
    evidence: ['KANARIE-EVIDENCE', `"sizeBytes":${sizeBytes}`],
    notes: ['KANARIE-NOTE'],
  };
  const secret: Readonly<Record<Compartment, string>> = {
    'reporter-identity': 'KANARIE-REPORTER',
    medical: 'KANARIE-MEDICAL',
  };
  const made = (kind: string, fields: Readonly<Record<string, Json>>, record = newRecordId()): Edit => {
    return { kind, op: 'create', record, fields, schema: 3 };
  };
  const [report, person] = [newRecordId(), newRecordId()];
  await lead.push(world.service.epoch, begun);
  await lead.push(
    world.service.epoch,
    lead.write(
      own,
      { fields: { status: 'gathering', lead: lead.user ?? '' }, saw: begun.ids },
      made('report', { what: 'KANARIE-REPORT' }, report),
      { kind: 'report', record: report, fields: { reporterName: 'KANARIE-REPORTER' } },
      made('person', { name: 'KANARIE-PERSON' }, person),
      { kind: 'person', record: person, fields: { medical: 'KANARIE-MEDICAL' } },
      made('observation', { text: 'KANARIE-OBSERVATION' }),
      made('assessment', { rationale: 'KANARIE-ASSESSMENT' }),
      made('measure', { title: 'KANARIE-MEASURE' }),
      made('note', { text: 'KANARIE-NOTE' }),
      made('evidence', {
        description: 'KANARIE-EVIDENCE',
        content: { blob: ownBlob, file: '0'.repeat(32), key: fileKey, sizeBytes, parts },
      }),
    ),
  );
  const target = { caseId: own, blob: ownBlob, tenant: world.tenant, epoch: world.service.epoch };
  return { parts: texts, secret, target };
}

/** Which of these texts somebody finds on any route. */
async function foundBy(
  laptop: Laptop,
  target: Target,
  texts: readonly string[],
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const [route, bodies] of questionsAbout(target)) {
    // It makes a laptop a new device, which would find nothing.
    if (route === 'POST /v1/sync/succeed') continue;
    const [method = '', path = ''] = route.split(' ');
    const filled = path.replace('{id}', target.blob).replace('{n}', '0');
    for (const body of bodies) {
      // One of the methods that are asked about.
      const question: Question = { method: method as Question['method'], path: filled, body };
      const { text } = await askAs(laptop, world.service.url, question);
      const plain = text.replaceAll('\\', '');
      for (const one of texts) if (plain.includes(one)) found.add(one);
    }
  }
  return found;
}

interface Answered {
  readonly route: string;
  readonly status: number;
  readonly found: readonly string[];
}

async function walk(laptop: Laptop | undefined): Promise<readonly Answered[]> {
  const answers: Answered[] = [];
  for (const question of await questions()) {
    const { status, text } = await askAs(laptop, world.service.url, question);
    const found = secrets.filter((secret) => text.includes(secret));
    answers.push({ route: `${question.method} ${question.path}`, status, found });
  }
  return answers;
}

const isClean = (answers: readonly Answered[]) => {
  expect(answers.filter(({ found, status }) => found.length > 0 || status >= 500)).toEqual([]);
};

describe('S04: every route', () => {
  it('shows the case to its lead, or this walk would prove nothing', async () => {
    // Another of her laptops, because one of the questions makes a laptop a new device.
    const other = await world.laptopOf(lead.user as UserId);
    const found = new Set((await walk(other)).flatMap((answer) => answer.found));
    expect([...shown].filter((secret) => !found.has(secret))).toEqual([]);
  });

  it.each(orgRoles)('shows nothing of it to a colleague of role %s who is not on the team', async (role) => {
    isClean(await walk(await world.laptop('Max', role)));
  });

  it.each(orgRoles)('shows nothing of it to a %s of another organisation', async (role) => {
    isClean(await walk(await world.laptop('Eve', role, otherTenant)));
  });

  it('answers nobody without a proof, with a forged one, from a laptop taken back or a closed account', async () => {
    const lost = await world.laptopOf(lead.user as UserId);
    await world.service.admin.revokeDevice(world.tenant, lost.device);
    const gone = await world.laptop('Max');
    await world.service.admin.setActive(world.tenant, gone.user as UserId, false);
    const forged = new Laptop(world.service.url, lead.device);
    for (const laptop of [undefined, forged, new Laptop(world.service.url), lost, gone]) {
      const answers = await walk(laptop);
      isClean(answers);
      const proven = answers.filter(({ route }) => /\/v1\/(sync|blobs)/.test(route));
      expect(proven.filter(({ status }) => status !== 401 && status !== 403)).toEqual([]);
    }
  });

  it.each(sections)('shows a member invited to the section %s nothing of the others', async (section) => {
    const { parts, target } = await sectionedCase();
    const max = await world.laptop('Max', 'member');
    const invited = { sections: { [section]: 'read' }, compartments: [] };
    await lead.push(world.service.epoch, lead.write(target.caseId, invitation(max, invited)));
    const found = await foundBy(max, target, Object.values(parts).flat());
    expect(found).toEqual(new Set(parts[section]));
  });

  it.each(compartments)(
    'shows the compartment %s to nobody on the team who is not named for it',
    async (sealed) => {
      const { secret, target } = await sectionedCase();
      for (const [role, named] of [
        ['specialist', []],
        ['reviewer', []],
        ['member', []],
        ['specialist', [sealed]],
      ] as const) {
        const max = await world.laptop('Max', role === 'member' ? 'member' : 'specialist');
        const invited = { role, compartments: named };
        await lead.push(world.service.epoch, lead.write(target.caseId, invitation(max, invited)));
        const found = await foundBy(max, target, Object.values(secret));
        expect({ role, found }).toEqual({ role, found: new Set(named.map((one) => secret[one])) });
      }
    },
  );

  it('shows nothing of a section from the moment an invitation ends', async () => {
    const { parts, target } = await sectionedCase();
    const max = await world.laptop('Max', 'member');
    const invited = { sections: { persons: 'read' }, until: new Date(Date.now() + 1_500).toISOString() };
    await lead.push(world.service.epoch, lead.write(target.caseId, invitation(max, invited)));
    expect((await foundBy(max, target, parts.persons)).size).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 1_600));
    expect(await foundBy(max, target, Object.values(parts).flat())).toEqual(new Set());
  });

  it('shows nothing any more to who was on the team, from the moment the membership ends', async () => {
    const max = await world.laptop('Max', 'member');
    const record = newRecordId();
    const member = { kind: 'member', op: 'create' as const, record };
    const fields = { user: max.user ?? '', role: 'member' };
    const joined = lead.write(caseId, { ...member, fields });
    await lead.push(world.service.epoch, joined);
    expect((await walk(max)).some(({ found }) => found.length > 0)).toBe(true);
    const left = { kind: 'member', op: 'remove' as const, record, fields: { $removed: true } };
    await lead.push(world.service.epoch, lead.write(caseId, { ...left, saw: joined.ids }));
    isClean(await walk(max));
  });
});
