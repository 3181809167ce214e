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
import type { TenantId, UserId } from '../../shared/ids.ts';
import { blobIdOf } from '../../shared/sync/blobs.ts';
import { type RunningPostgres, startPostgres } from '../../tools/support/postgres.ts';
import { Laptop, newCaseId, newRecordId, received } from '../testing/laptop.ts';
import { askAs, describedRoutes, type Question, questionsAbout } from '../testing/questions.ts';
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
