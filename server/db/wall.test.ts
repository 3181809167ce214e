/** S04: what a person may not see, the database itself does not show, whatever the code asks for. */
import { generateKeyPairSync } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeCrypto } from '../../platform/crypto.ts';
import { toBase64Url } from '../../shared/bytes.ts';
import type { CaseId, TenantId, UserId } from '../../shared/ids.ts';
import { hourOf } from '../../shared/integrity/witness.ts';
import { blobIdOf } from '../../shared/sync/blobs.ts';
import { type RunningPostgres, startPostgres } from '../../tools/support/postgres.ts';
import { loadServiceKeys } from '../keys/serviceKeys.ts';
import { startService } from '../start.ts';
import { type Laptop, newCaseId, newRecordId, received } from '../testing/laptop.ts';
import { startWorld, type World } from '../testing/world.ts';
import { makeStatement } from '../witness/statements.ts';
import { connect } from './connect.ts';

let postgres: RunningPostgres;
let world: World;
let owner: pg.Client;
let service: pg.Client;
let tables: readonly string[];
let caseId: CaseId;
let lead: Laptop;
let otherTenant: TenantId;
let otherUser: UserId;

beforeAll(async () => {
  postgres = await startPostgres({ ephemeral: true });
  world = await startWorld({ ownerUrl: await postgres.createDatabase('wall') });
  owner = new pg.Client({ connectionString: world.ownerUrl });
  service = new pg.Client({ connectionString: world.databaseUrl });
  await owner.connect();
  await service.connect();
  lead = await world.laptop('Ada');
  caseId = newCaseId();
  const opened = { fields: { status: 'gathering', lead: lead.user ?? '' } };
  const first = lead.write(caseId, received());
  await lead.push(world.service.epoch, first);
  await lead.push(world.service.epoch, lead.write(caseId, { ...opened, saw: first.ids }, note(), letter));
  await lead.push(world.service.epoch, lead.write(caseId, broken()));
  await writeWitness();
  await lead.handIn(lead.write(caseId, note()), { keyId: 'safe', publicKey: boxKey });
  otherTenant = await world.service.admin.createTenant({ name: 'Other GmbH' });
  otherUser = await world.person('Eve', 'specialist', otherTenant);
  const { rows } = await owner.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_namespace s on s.oid = c.relnamespace
     where s.nspname = 'public' and c.relkind in ('r', 'p', 'v', 'm', 'f') order by 1`,
  );
  tables = rows.map((row) => row.name);
  await world.service.admin.setLogin(world.tenant, lead.user as UserId, 'ada');
  await lead.hello();
  await lead.pull(world.service.epoch, {});
  const take = { id: newRecordId(), case: caseId, purpose: 'travel', forMs: 3_600_000 };
  await lead.ask('/v1/sync/leases', { take });
  const lost = await world.laptopOf(lead.user as UserId);
  await world.service.admin.revokeDevice(world.tenant, lost.device);
  await owner.query('insert into part_deliveries values ($1, $2, $3, 0, now())', [
    ...[world.tenant, lead.device, blob],
  ]);
  await owner.query('insert into blob_parts values ($1, $2, 0, now())', [world.tenant, blob]);
  await owner.query(`insert into vault_shares values ($1, $2, $3, 'sealed', now())`, [
    ...[world.tenant, Buffer.alloc(32), lead.device],
  ]);
  await owner.query(`insert into sign_ins values ($1, $2, $3, now())`, [
    ...[world.tenant, Buffer.alloc(32), lead.device],
  ]);
});
afterAll(async () => {
  await service?.end();
  await owner?.end();
  await world?.stop();
  await postgres?.stop();
});

/** So that its tables hold something. */
async function writeWitness(): Promise<void> {
  const db = connect({ databaseUrl: world.databaseUrl, size: 2 });
  const { signer, epoch } = await loadServiceKeys(world.keysDir);
  const nowMs = () => Date.now();
  await makeStatement({ db, signer, epoch, nowMs }, world.tenant, hourOf(nowMs()));
  await db.destroy();
}

/** An attachment of one part. */
const parts = [toBase64Url(Buffer.alloc(32, 1))];
const blob = blobIdOf({ sizeBytes: 100, parts }, nodeCrypto);
const letter = {
  ...{ kind: 'evidence', op: 'create' as const, record: newRecordId(), schema: 2 },
  fields: { content: { blob, file: '0'.repeat(32), key: parts[0] ?? '', sizeBytes: 100, parts } },
};

const boxKey = Buffer.from(
  String(generateKeyPairSync('x25519').publicKey.export({ format: 'jwk' }).x),
  'base64url',
);
const broken = () => ({
  ...{ kind: 'glass', op: 'create' as const, record: newRecordId() },
  fields: { compartment: 'medical', reason: 'x', by: lead.user ?? '' },
});
const note = () => ({ kind: 'note', op: 'create' as const, record: newRecordId(), fields: { text: 'x' } });

interface Who {
  readonly tenant?: TenantId;
  readonly user?: UserId | undefined;
  readonly caseId?: CaseId;
  readonly duty?: string;
}

/** Rows of a table that somebody sees who asks for everything; none where they may not even ask. */
async function seen(table: string, who: Who): Promise<readonly Record<string, unknown>[]> {
  await service.query('begin');
  try {
    await service.query(
      `select set_config('tma.tenant', $1, true), set_config('tma.user', $2, true), set_config('tma.case', $3, true),
         set_config('tma.duty', $4, true)`,
      [who.tenant ?? '', who.user ?? '', who.caseId ?? '', who.duty ?? ''],
    );
    return (await service.query(`select * from ${service.escapeIdentifier(table)}`)).rows;
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === '42501') return [];
    throw error;
  } finally {
    await service.query('rollback');
  }
}

describe('S04: every table of the catalogue', () => {
  it('is one that this test knows to hold something', async () => {
    expect(tables.length).toBeGreaterThan(14);
    for (const table of tables) {
      const { rows } = await owner.query(
        `select count(*)::int as count from ${owner.escapeIdentifier(table)}`,
      );
      expect(rows[0].count, `${table} is empty: the test would prove nothing about it`).toBeGreaterThan(0);
    }
  });

  it('has a tenant, is closed by row-level security, and belongs to somebody else than the service', async () => {
    for (const table of tables) {
      const { rows } = await service.query(
        `select relrowsecurity as closed, pg_has_role(current_user, relowner, 'usage') as owned,
           exists (select from pg_attribute where attrelid = c.oid and attname = 'tenant_id' and attnotnull) as tenant
         from pg_class c where c.oid = to_regclass($1)`,
        [`public.${table}`],
      );
      expect({ table, ...rows[0] }).toEqual({ table, closed: true, owned: false, tenant: true });
    }
  });

  it('shows nothing to a transaction that says for nobody to act', async () => {
    for (const table of tables) expect({ table, rows: await seen(table, {}) }).toEqual({ table, rows: [] });
  });

  it('shows another tenant nothing, whatever duty or case it claims', async () => {
    const claims: readonly Who[] = [
      {},
      { duty: 'admin' },
      { duty: 'devices' },
      { duty: 'witness' },
      { caseId },
      { user: lead.user },
    ];
    for (const table of tables) {
      for (const claim of claims) {
        const rows = await seen(table, { tenant: otherTenant, user: otherUser, ...claim });
        const foreign = rows.filter((row) => row.tenant_id !== otherTenant);
        expect({ table, claim, foreign }).toEqual({ table, claim, foreign: [] });
      }
    }
  });

  it.each(['intake', 'specialist', 'reviewer', 'member', 'dpo', 'administrator'] as const)(
    'shows nothing of a case to a colleague of role %s who is not on its team',
    async (role) => {
      const user = await world.person('Max', role);
      for (const table of tables) {
        for (const duty of ['', 'admin', 'devices']) {
          const rows = await seen(table, { tenant: world.tenant, user, duty });
          const ofCase = rows.filter((row) => row.case_id !== undefined);
          expect({ table, ofCase }).toEqual({ table, ofCase: [] });
        }
      }
    },
  );

  it('shows the team the case, and hides it again when the membership is revoked, ends, or the account closes', async () => {
    const who = { tenant: world.tenant, user: lead.user };
    expect(await seen('changes', who)).toHaveLength(6);
    for (const end of [`revoked_at = now()`, `until = now() - interval '1 second'`]) {
      await owner.query(`update grants set ${end} where user_id = $1`, [lead.user]);
      for (const table of [
        'cases',
        'case_index',
        'changes',
        'segments',
        'records',
        'signed_heads',
        'grants',
        'glass',
      ]) {
        expect({ table, rows: await seen(table, who) }).toEqual({ table, rows: [] });
      }
      await owner.query('update grants set revoked_at = null, until = null where user_id = $1', [lead.user]);
    }
    await owner.query('update users set active = false where user_id = $1', [lead.user]);
    expect(await seen('changes', who)).toEqual([]);
    await owner.query('update users set active = true where user_id = $1', [lead.user]);
  });
});

describe('the role of the service', () => {
  it('can add to the log and cannot change or delete what is in it', async () => {
    for (const statement of [
      `update changes set status = 'applied'`,
      'delete from changes',
      'delete from segments',
      `update signed_heads set position = 0`,
      'delete from audit',
      `update audit set entry = ''`,
      'select * from audit',
      'select * from proofs',
      'select * from sealed_packets',
      'select * from deliveries',
      'insert into part_deliveries default values',
      'delete from leases',
      'delete from wipes',
      'truncate cases',
      'select * from tma_meta.migrations',
      'create table public.hole (x int)',
      'alter table changes disable row level security',
    ]) {
      await expect(service.query(statement), statement).rejects.toMatchObject({ code: '42501' });
    }
  });

  it('writes one case at a time', async () => {
    await service.query('begin');
    await service.query(
      `select set_config('tma.tenant', $1, true), set_config('tma.user', $2, true), set_config('tma.case', $3, true)`,
      [world.tenant, lead.user, newCaseId()],
    );
    const done = await service.query('update cases set position = 0 where case_id = $1', [caseId]);
    expect(done.rowCount).toBe(0);
    await service.query('rollback');
  });

  it('must not be one that row-level security does not bind', async () => {
    const settings = { databaseUrl: world.ownerUrl, keysDir: world.keysDir, logLevel: 'silent' } as const;
    await expect(startService(settings)).rejects.toThrow(/row-level security does not bind/);
  });
});
