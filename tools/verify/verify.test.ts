/**
 * Real logs, taken out of a real service and checked offline as anybody would: `verify:chain` finds them sound, and
 * finds what somebody changed who has the whole database.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type Db } from '../../server/db/connect.ts';
import { exportAudit } from '../../server/integrity/exportAudit.ts';
import { type ExportContext, exportChain } from '../../server/integrity/exportChain.ts';
import { CaseKeys } from '../../server/keys/caseKeys.ts';
import { localKeys } from '../../server/keys/localKeys.ts';
import { loadServiceKeys } from '../../server/keys/serviceKeys.ts';
import { type Laptop, newCaseId, newRecordId, received } from '../../server/testing/laptop.ts';
import { startWorld, type World } from '../../server/testing/world.ts';
import { folderWitness } from '../../server/witness/folderWitness.ts';
import { keepWitness } from '../../server/witness/keepWitness.ts';
import { toBase64Url } from '../../shared/bytes.ts';
import type { CaseId } from '../../shared/ids.ts';
import { chainText } from '../../shared/integrity/chainFile.ts';
import { type RunningPostgres, startPostgres } from '../support/postgres.ts';
import { check, type Options } from './check.ts';

const root = resolve(import.meta.dirname, '../..');

let postgres: RunningPostgres;
let world: World;
let owner: pg.Client;
let db: Db;
let context: ExportContext;
let folder: string;
let caseId: CaseId;
let ada: Laptop;
let nowMs = Date.now();

beforeAll(async () => {
  postgres = await startPostgres({ ephemeral: true });
  world = await startWorld({ ownerUrl: await postgres.createDatabase('chain') });
  owner = new pg.Client({ connectionString: world.ownerUrl });
  await owner.connect();
  db = connect({ databaseUrl: world.databaseUrl, size: 4 });
  const { signer, epoch } = await loadServiceKeys(world.keysDir);
  context = { db, caseKeys: new CaseKeys(localKeys(world.keysDir)), signer, epoch, nowMs: () => nowMs };
  folder = await mkdtemp(join(tmpdir(), 'tma-chain-'));
  ada = await world.laptop('Ada');
  caseId = newCaseId();
  await push(ada.write(caseId, received()));
  for (const text of ['one', 'two', 'three']) await push(ada.write(caseId, note(text), note(`${text}!`)));
  await push(ada.write(newCaseId(), received()));
  await witness();
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
const witness = (epoch = context.epoch) =>
  keepWitness({ ...context, epoch, store: folderWitness(join(folder, 'witness')) });

async function exported(of: CaseId = caseId): Promise<string> {
  const file = join(folder, 'case.ndjson');
  await writeFile(file, chainText(await exportChain(context, { tenant: world.tenant, caseId: of })));
  return file;
}
async function exportedAudit(): Promise<string> {
  const file = join(folder, 'audit.ndjson');
  const lines = await exportAudit(context, world.tenant);
  await writeFile(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return file;
}
const pinned = (): Options => ({
  'service-key': toBase64Url(world.service.publicKey),
  witness: join(folder, 'witness'),
});
const told = async (file: string, options: Options = pinned()) => {
  const { exitCode, lines } = await check(file, options);
  return { exitCode, text: lines.join('\n') };
};

/** Does something to the database as its owner, looks, and takes it back. */
async function withTampering<T>(statement: string, look: () => Promise<T>): Promise<T> {
  await owner.query('create temporary table if not exists kept as select * from changes');
  await owner.query(statement);
  try {
    return await look();
  } finally {
    await owner.query('delete from changes');
    await owner.query('insert into changes select * from kept');
    await owner.query('drop table kept');
  }
}

describe('the log of a case, taken out of the service', () => {
  it('verifies offline, to the newest statement of the witness, and has no word of its content', async () => {
    const file = await exported();
    const { exitCode, text } = await told(file, { ...pinned(), case: caseId });
    expect(text).toMatch(/sound\. case .*: 7 entries of 1 devices under 4 signatures/);
    expect(text).toMatch(/The witness of .*Z names it at entry 7/);
    expect(exitCode).toBe(0);
  });

  it('says whose key it was checked against when nobody names one', async () => {
    const { exitCode, text } = await told(await exported(), {});
    expect(exitCode).toBe(0);
    expect(text).toContain(toBase64Url(world.service.publicKey));
  });

  it.each([
    [
      'edited: what is stored',
      `update changes set sealed = set_byte(sealed, 20, get_byte(sealed, 20) # 1) where position = 3`,
      /entry 3 .*is not what was written/,
    ],
    [
      'edited: the hash of the payload',
      `update changes set payload_hash = sha256('x') where position = 4`,
      /entry 4 .*is not what was written/,
    ],
    [
      'edited: whether it counts',
      `update changes set status = 'quarantined', code = 'access.denied' where position = 2`,
      /entry 3 is not what was written/,
    ],
    [
      'edited: when it came',
      `update changes set received_ms = received_ms - 1 where position = 7`,
      /entry 7 is not what was written/,
    ],
    ['omitted', `delete from changes where position = 5`, /entry 5 is missing/],
    ['truncated', `delete from changes where position >= 6`, /entry 6 and what comes after it is missing/],
    [
      'reordered',
      `update changes set position = 99 where position = 2; update changes set position = 2 where position = 3;
       update changes set position = 3 where position = 99`,
      /entry 2 .*stands in the wrong place/,
    ],
  ])('is found out when it was %s', async (_what, statement, words) => {
    const of = statement.replaceAll(/where (?=position)/g, `where case_id = '${caseId}' and `);
    const { exitCode, text } = await withTampering(of, async () => told(await exported()));
    expect(text).toMatch(words);
    expect(exitCode).toBe(1);
  });

  it('is found out when it was swapped for the log of another case', async () => {
    const other = newCaseId();
    await push(ada.write(other, received()));
    const { exitCode, text } = await told(await exported(other), { ...pinned(), case: caseId });
    expect(text).toMatch(/belongs to another log/);
    expect(exitCode).toBe(1);
  });

  it('is found out when the service’s key is another', async () => {
    const { exitCode, text } = await told(await exported(), {
      'service-key': toBase64Url(ada.signer.publicKey),
    });
    expect(text).toMatch(/another service signed it/);
    expect(exitCode).toBe(1);
  });
});

describe('S06: the audit log, taken out of the service', () => {
  it('verifies offline, to the newest statement of the witness', async () => {
    const { exitCode, text } = await told(await exportedAudit());
    expect(text).toMatch(/sound\. audit log: \d+ entries, \d checkpoints/);
    expect(text).toMatch(/The witness of/);
    expect(exitCode).toBe(0);
  });

  it('is found out when an entry was changed or taken out', async () => {
    await owner.query(`update audit set entry = replace(entry, 'code.minted', 'tenant.changed')
      where position = (select min(position) from audit where entry like '%code.minted%')`);
    const { exitCode, text } = await told(await exportedAudit());
    await owner.query(`update audit set entry = replace(entry, 'tenant.changed', 'code.minted')`);
    expect(text).toMatch(/is not what was written/);
    expect(exitCode).toBe(1);
  });
});

describe('the commands', () => {
  const run = async (script: string, ...args: readonly string[]) => {
    const env = { ...process.env, TMA_DATABASE_URL: world.databaseUrl, TMA_KEYS_DIR: world.keysDir };
    return promisify(execFile)(process.execPath, [join(root, script), ...args], { env }).then(
      ({ stdout }) => ({ code: 0, stdout }),
      (error: { code: number; stdout: string }) => error,
    );
  };

  it('take a log out of the service and check it, with an exit code for each end', async () => {
    const place = ['--tenant', world.tenant, '--case', caseId];
    const { stdout } = await run('server/admin/cli.ts', 'export-chain', ...place);
    const file = join(folder, 'exported.ndjson');
    await writeFile(file, stdout);
    const options = ['--service-key', toBase64Url(world.service.publicKey), '--case', caseId];
    expect(await run('tools/verify/verify.ts', file, ...options)).toMatchObject({
      ...{ code: 0, stdout: expect.stringMatching(/: sound\./) },
    });
    await writeFile(file, stdout.replace(/^.*"position":4,"device".*\n/m, ''));
    expect(await run('tools/verify/verify.ts', file, ...options)).toMatchObject({
      ...{ code: 1, stdout: expect.stringMatching(/entry 4 is missing/) },
    });
    expect(await run('tools/verify/verify.ts')).toMatchObject({ code: 2 });
    const audit = join(folder, 'exported-audit.ndjson');
    await writeFile(audit, (await run('server/admin/cli.ts', 'export-audit', ...place.slice(0, 2))).stdout);
    expect(await run('tools/verify/verify.ts', audit)).toMatchObject({ code: 0 });
  });
});

describe('a service that was set back', () => {
  it('is found out by the witness: it no longer proves what it had signed', async () => {
    nowMs += 3_600_000;
    await push(ada.write(caseId, note('later')));
    await witness();
    // All of the last hour is gone from the database, and the log that is left is consistent in itself.
    await owner.query(`delete from witness where hour = (select max(hour) from witness)`);
    await owner.query(`delete from witness_heads where hour > (select max(hour) from witness)`);
    for (const table of ['changes', 'signed_heads'])
      await owner.query(`delete from ${table} where case_id = '${caseId}' and position > 7`);
    await owner.query(`delete from segments where case_id = '${caseId}' and last_position > 7`);
    await owner.query(`update cases c set position = 7, running = (select running from changes h
      where h.case_id = c.case_id and h.position = 7) where case_id = '${caseId}'`);
    const silent = await told(await exported(), { 'service-key': toBase64Url(world.service.publicKey) });
    expect(silent.exitCode).toBe(0);
    const { exitCode, text } = await told(await exported());
    expect(text).toMatch(/is not proved to be in the newest statement/);
    expect(exitCode).toBe(1);
  });

  it('and goes on being so: its next statement does not name the one before', async () => {
    nowMs += 3_600_000;
    await witness();
    const { exitCode, text } = await told(await exported());
    expect(text).toMatch(/statement was here once and is no longer: the log was set back/);
    expect(exitCode).toBe(1);
    expect(await readdir(join(folder, 'witness', 'roots', world.tenant))).toHaveLength(3);
  });
});

describe('what cannot be checked', () => {
  it('ends with another code than what is broken', async () => {
    expect(await told(join(folder, 'nowhere'))).toMatchObject({ exitCode: 2 });
    expect(await told(await exported(), { witness: join(folder, 'nowhere') })).toMatchObject({ exitCode: 2 });
    expect(await told(await exported(), { case: 'x' })).toMatchObject({ exitCode: 2 });
    const junk = join(folder, 'junk');
    await writeFile(junk, 'junk\n');
    expect(await told(junk)).toMatchObject({
      exitCode: 1,
      text: expect.stringMatching(/line 1 cannot be read/),
    });
  });
});
