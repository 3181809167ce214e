/** Crypto-shredding on real PostgreSQL, with the keys of cases under the key of their tenant. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeCrypto } from '../../platform/crypto.ts';
import { toBase64Url } from '../../shared/bytes.ts';
import type { CaseId, TenantId, UserId } from '../../shared/ids.ts';
import { arrange, chainText } from '../../shared/integrity/chainFile.ts';
import { type Certificate, type Destruction, readCertificate } from '../../shared/integrity/destruction.ts';
import { verifyChain } from '../../shared/integrity/verifyChain.ts';
import { type RunningPostgres, startPostgres } from '../../tools/support/postgres.ts';
import { connect, type Db } from '../db/connect.ts';
import { writing } from '../db/scope.ts';
import { CaseKeys } from '../keys/caseKeys.ts';
import { localKeys } from '../keys/localKeys.ts';
import { loadServiceKeys } from '../keys/serviceKeys.ts';
import { type Laptop, newCaseId, newRecordId, received } from '../testing/laptop.ts';
import { readAll, startWorld, type World } from '../testing/world.ts';
import { folderWitness } from '../witness/folderWitness.ts';
import { keepWitness } from '../witness/keepWitness.ts';
import { certificateText } from './certificateText.ts';
import { destroyCase } from './destroyCase.ts';
import { type ExportContext, exportChain } from './exportChain.ts';

let postgres: RunningPostgres;
let world: World;
let owner: pg.Client;
let db: Db;
let context: ExportContext;
let folder: string;
let ada: Laptop;
let officer: UserId;
let caseId: CaseId;
let other: CaseId;
let nowMs = Date.now();
let certificate: Certificate;
let destroyed: Destruction;
let wrappedBefore: Buffer;

const secret = 'Er hat den Spind aufgebrochen';

beforeAll(async () => {
  postgres = await startPostgres({ ephemeral: true });
  world = await startWorld({ ownerUrl: await postgres.createDatabase('destroy') });
  owner = new pg.Client({ connectionString: world.ownerUrl });
  await owner.connect();
  db = connect({ databaseUrl: world.databaseUrl, size: 4 });
  const { signer, epoch } = await loadServiceKeys(world.keysDir);
  context = { db, caseKeys: new CaseKeys(localKeys(world.keysDir)), signer, epoch, nowMs: () => nowMs };
  folder = await mkdtemp(join(tmpdir(), 'tma-destroy-'));
  ada = await world.laptop('Ada');
  officer = await world.person('Olga', 'dpo');
  [caseId, other] = [newCaseId(), newCaseId()];
  for (const one of [caseId, other]) {
    await push(ada.write(one, received(secret)));
    await push(ada.write(one, note(secret)));
  }
  await witness();
  const { rows } = await owner.query('select wrapped_key from cases where case_id = $1', [caseId]);
  wrappedBefore = rows[0].wrapped_key;
});
afterAll(async () => {
  await owner?.end();
  await db?.destroy();
  await world?.stop();
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
});

const push = (written: ReturnType<Laptop['write']>) => ada.push(world.service.epoch, written);
const note = (text: string) => ({
  ...{ kind: 'note', op: 'create' as const, record: newRecordId() },
  fields: { text },
});
const witness = () => keepWitness({ ...context, store: folderWitness(folder) });
const order = (more: { by?: UserId; of?: CaseId; tenant?: TenantId } = {}) => ({
  tenant: more.tenant ?? world.tenant,
  caseId: more.of ?? caseId,
  by: more.by ?? officer,
  reason: 'erasure-request' as const,
  reference: 'DS-2026/17',
});
async function verdict(of: CaseId) {
  const file = arrange(await exportChain(context, { tenant: world.tenant, caseId: of }));
  if (file === undefined) throw new Error('a chain has a first line');
  return verifyChain(file, {
    ...{ crypto: nodeCrypto, caseId: of, serviceKey: toBase64Url(world.service.publicKey) },
  });
}
const rowsOf = async (table: string, of: CaseId) =>
  (await owner.query(`select * from ${table} where case_id = $1`, [of])).rows;

describe('destroying the content of a case', () => {
  it('is refused to whoever may not, and of a case that is not there, and changes nothing then', async () => {
    const lead = await world.person('Leo');
    await expect(destroyCase(context, order({ by: lead }))).rejects.toMatchObject({ code: 'access.denied' });
    await expect(destroyCase(context, order({ of: newCaseId() }))).rejects.toMatchObject({
      code: 'not-found',
    });
    const tenant = await world.service.admin.createTenant({ name: 'Other GmbH' });
    const foreign = await world.person('Otto', 'dpo', tenant);
    await expect(destroyCase(context, order({ tenant, by: foreign }))).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(destroyCase(context, order({ by: foreign }))).rejects.toMatchObject({
      code: 'access.denied',
    });
    expect((await readAll(ada, world)).cursors[caseId]?.position).toBe(2);
  });

  it('is not possible without the duty, whatever case a transaction has in hand', async () => {
    const attempt = writing(db, { tenant: world.tenant, caseId, nowMs }, async (trx) => {
      const { sql } = await import('kysely');
      await sql`select tma.destroy_content() as done`.execute(trx);
    });
    await expect(attempt).rejects.toMatchObject({ code: '42501' });
  });

  it('leaves a chain that verifies, to the statement of the witness from before', async () => {
    certificate = await destroyCase(context, order());
    expect(await verdict(caseId)).toMatchObject({
      ...{ outcome: 'sound', entries: 2, witnessed: { position: 2 } },
    });
    nowMs += 3_600_000;
    await witness();
    expect(await verdict(caseId)).toMatchObject({ outcome: 'sound', witnessed: { position: 2 } });
  });

  it('leaves nothing of the content: no key, no ciphertext, no record, no line of the index', async () => {
    const [row] = await rowsOf('cases', caseId);
    expect(row.wrapped_key).toBeNull();
    expect(await rowsOf('records', caseId)).toEqual([]);
    expect(await rowsOf('case_index', caseId)).toEqual([]);
    const changes = await rowsOf('changes', caseId);
    expect(changes.map((change) => change.sealed.length)).toEqual([0, 0]);
    expect(changes.map((change) => JSON.parse(change.head).kind)).toEqual(['case', 'note']);
    const { rows } = await owner.query(
      `select count(*)::int as found from changes where case_id = $1 and head like '%Spind%'`,
      [caseId],
    );
    expect(rows[0].found).toBe(0);
  });

  it('touches no other case of the tenant, whose key is under the same key', async () => {
    expect(await verdict(other)).toMatchObject({ outcome: 'sound', entries: 2 });
    expect((await readAll(ada, world)).cursors[other]?.position).toBe(2);
    expect((await push(ada.write(other, note('more')))).body.segments[0]).toMatchObject({
      outcome: 'taken',
    });
  });

  it('is told to every laptop that had it, in the person’s own log, and nobody is given it again', async () => {
    const { body } = await ada.pull(world.service.epoch, { userCursor: 0 });
    expect(body.events.filter((event) => event.case === caseId).at(-1)).toMatchObject({ type: 'revoked' });
    expect(body.cases.map((page) => page.case)).toEqual([other]);
    const intake = await world.laptop('Ida', 'intake');
    const page = (await intake.pull(world.service.epoch, {})).body;
    expect(page.cases.map((one) => one.case)).not.toContain(caseId);
  });

  it('refuses what is still pushed to it', async () => {
    const { body } = await push(ada.write(caseId, note('too late')));
    expect(body.segments).toEqual([{ outcome: 'refused', case: caseId, code: 'case.not-found' }]);
  });

  it('is certified, signed and in both languages, without a word of what was destroyed', () => {
    const read = readCertificate(certificate, world.service.publicKey, nodeCrypto);
    if (read === undefined) throw new Error('the certificate is not signed by the service');
    destroyed = read;
    expect(destroyed).toMatchObject({
      ...{ case: caseId, by: officer, reason: 'erasure-request', reference: 'DS-2026/17', entries: 2 },
      ...{ tenantName: 'Muster AG', number: expect.stringMatching(/^\d{4}-\d{4}$/) },
    });
    const days = (Date.parse(destroyed.backupsUntil) - Date.parse(destroyed.destroyedAt)) / 86_400_000;
    expect(days).toBe(35);
    const words = certificateText(destroyed);
    expect(words).toMatch(/LÖSCHBESTÄTIGUNG[\s\S]*files of the case\s+cannot be opened/);
    expect(`${words}${certificate.text}`).not.toMatch(/Spind|Ada/);
    const forged = { ...certificate, text: certificate.text.replace('erasure-request', 'order') };
    expect(readCertificate(forged, world.service.publicKey, nodeCrypto)).toBeUndefined();
  });

  it('is in the audit log, with who and why', async () => {
    const { rows } = await owner.query(
      `select entry from audit where tenant_id = $1 and entry like '%case.destroyed%'`,
      [world.tenant],
    );
    expect(rows.map((row) => JSON.parse(row.entry))).toEqual([
      expect.objectContaining({ case: caseId, user: officer, reason: 'erasure-request' }),
    ]);
  });

  it('cannot be done twice', async () => {
    await expect(destroyCase(context, order())).rejects.toMatchObject({ code: 'not-found' });
  });

  it('comes back from a backup that is young enough, as the certificate says, and is done again then', async () => {
    await owner.query('update cases set wrapped_key = $2 where case_id = $1', [caseId, wrappedBefore]);
    expect(await destroyCase(context, order())).toHaveProperty('sig');
    expect((await rowsOf('cases', caseId))[0].wrapped_key).toBeNull();
  });
});

describe('the command', () => {
  it('destroys and prints the certificate, signed and in words', async () => {
    const cli = fileURLToPath(new URL('../admin/cli.ts', import.meta.url));
    const env = { ...process.env, TMA_DATABASE_URL: world.databaseUrl, TMA_KEYS_DIR: world.keysDir };
    const place = ['--tenant', world.tenant, '--case', other, '--by', officer];
    const why = ['--reason', 'retention-over', '--reference', 'DS-2026/18'];
    const run = (...args: readonly string[]) =>
      promisify(execFile)(process.execPath, [cli, 'destroy-case', ...args], { env });
    await expect(run(...place, '--reason', 'because', '--reference', 'x')).rejects.toThrow();
    const { stdout } = await run(...place, ...why);
    const [line = '', , title] = stdout.split('\n');
    expect(title).toBe('LÖSCHBESTÄTIGUNG / CERTIFICATE OF DESTRUCTION');
    const read = readCertificate(JSON.parse(line), world.service.publicKey, nodeCrypto);
    expect(read).toMatchObject({ case: other, reason: 'retention-over' });
    expect(chainText(await exportChain(context, { tenant: world.tenant, caseId: other }))).not.toContain(
      'Spind',
    );
  });
});
