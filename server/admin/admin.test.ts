import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeCrypto, systemIds } from '../../platform/crypto.ts';
import { utf8 } from '../../shared/bytes.ts';
import { type DeviceId, newId, type TenantId } from '../../shared/ids.ts';
import { type RunningPostgres, startPostgres } from '../../tools/support/postgres.ts';
import { Laptop, newCaseId, received, send } from '../testing/laptop.ts';
import { startWorld, type World } from '../testing/world.ts';

let postgres: RunningPostgres;
let world: World;

beforeAll(async () => {
  postgres = await startPostgres({ ephemeral: true });
  world = await startWorld({ ownerUrl: await postgres.createDatabase('admin') });
});
afterAll(async () => {
  await world?.stop();
  await postgres?.stop();
});

async function auditOf({ ownerUrl, tenant }: World): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  const { rows } = await client.query('select entry from audit where tenant_id = $1 order by position', [
    tenant,
  ]);
  await client.end();
  return rows.map(({ entry }) => JSON.parse(entry));
}

describe('an administrator', () => {
  it('is told when there is no such person, device or tenant', async () => {
    const { admin } = world.service;
    const device = newId<DeviceId>(systemIds);
    await expect(admin.revokeDevice(world.tenant, device)).rejects.toMatchObject({ code: 'not-found' });
    await expect(admin.setActive(world.tenant, device as never, false)).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(admin.mintCode({ tenant: world.tenant, user: device as never })).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('cannot touch a device of another tenant', async () => {
    const { admin } = world.service;
    const laptop = await world.laptop('Ada');
    const other = await admin.createTenant({ name: 'Other' });
    await expect(admin.revokeDevice(other, laptop.device)).rejects.toMatchObject({ code: 'not-found' });
    expect((await laptop.hello()).status).toBe(200);
  });

  it('decides when laptops lock, and hears of a vault that was opened with the recovery key', async () => {
    const { admin } = world.service;
    await admin.changeSettings(world.tenant, { policy: { idleLockMinutes: 2 } });
    const laptop = await world.laptop('Uli');
    const { body } = await laptop.hello([{ type: 'vault.recovered', atMs: 1_000 }]);
    expect(body).toMatchObject({ policy: { idleLockMinutes: 2, offlineLeaseHours: 168 } });
    const told = await auditOf(world);
    expect(told.at(-1)).toMatchObject({ type: 'vault.recovered', device: laptop.device, atMs: 1_000 });
    await admin.changeSettings(world.tenant, { policy: {} });
  });

  it('may give a tenant its own emergency numbers', async () => {
    const { admin } = world.service;
    const emergency = [{ label: 'Werkschutz', number: '+49 30 1234' }];
    const tenant = await admin.createTenant({ name: 'Third', settings: { emergency } });
    const laptop = await world.laptop('Eve', 'specialist', tenant);
    expect((await laptop.hello()).body.emergency).toEqual(emergency);
  });

  it('leaves a trace that cannot be cut without showing', async () => {
    const laptop = await world.laptop('Max');
    await laptop.push(world.service.epoch, laptop.write(newCaseId(), received()));
    await world.service.admin.revokeDevice(world.tenant, laptop.device);
    const client = new pg.Client({ connectionString: world.ownerUrl });
    await client.connect();
    const { rows } = await client.query(
      'select entry, hash from audit where tenant_id = $1 order by position',
      [world.tenant],
    );
    const { rows: heads } = await client.query(
      'select position, hash from audit_heads where tenant_id = $1',
      [world.tenant],
    );
    await client.end();
    let hash: Uint8Array = new Uint8Array(32);
    for (const row of rows) {
      hash = nodeCrypto.sha256(utf8('tma/audit/1'), hash, utf8(row.entry));
      expect(row.hash.equals(hash)).toBe(true);
    }
    expect(heads).toEqual([{ position: rows.length, hash }]);
    const types = rows.map((row) => JSON.parse(row.entry).type);
    expect(types).toEqual(
      expect.arrayContaining([
        'tenant.created',
        'user.created',
        'code.minted',
        'device.enrolled',
        'access.granted',
        'device.revoked',
      ]),
    );
  });
});

describe('the command line', () => {
  const cli = fileURLToPath(new URL('./cli.ts', import.meta.url));
  const run = async (...args: string[]) => {
    const env = { ...process.env, TMA_DATABASE_URL: world.databaseUrl, TMA_KEYS_DIR: world.keysDir };
    const { stdout } = await promisify(execFile)(process.execPath, [cli, ...args], { env });
    return stdout.trim();
  };

  it('takes a tenant from nothing to a laptop that enrols', async () => {
    const tenant = await run('create-tenant', '--name', 'Line AG');
    const user = await run('create-user', '--tenant', tenant, '--name', 'Ada', '--role', 'specialist');
    const [code = ''] = (await run('mint-code', '--tenant', tenant, '--user', user, '--hours', '1')).split(
      ' ',
    );
    const { body } = await send(world.service.url, '/v1/enrol/check', { code });
    expect(body).toMatchObject({ tenant: { id: tenant, name: 'Line AG' }, user: { id: user } });
    const laptop = new Laptop(world.service.url);
    await laptop.enrol(code);
    expect(await run('revoke-device', '--tenant', tenant, '--device', laptop.device)).toBe('revoked');
    expect(await run('list-wipes', '--tenant', tenant)).toMatch(/OUTSTANDING, not heard of/);
    expect((await laptop.hello()).body.code).toBe('auth.device-revoked');
    expect(await run('list-wipes', '--tenant', tenant)).toMatch(/Ada, Test laptop {2}OUTSTANDING, heard/);
    const officer = await run('create-user', '--tenant', tenant, '--name', 'Dora', '--role', 'dpo');
    const report = (...more: string[]) =>
      run('breach-report', '--tenant', tenant, '--device', laptop.device, '--by', officer, ...more);
    expect(await report('--language', 'en')).toMatch(/^REPORT ON A LOST LAPTOP\n/);
    expect(await report()).toContain('AUF DEM GERÄT: 0 FÄLLE\nKeine.');
    expect(JSON.parse(await report('--format', 'json'))).toMatchObject({
      version: 1,
      by: officer,
      cases: [],
    });
  });

  it('says how long laptops hold cases', async () => {
    const tenant = await run('create-tenant', '--name', 'Hold AG');
    await run('set-policy', '--tenant', tenant, '--hold-hours', '24', '--checkout-hours', '48');
    await run('set-policy', '--tenant', tenant, '--hold-hours', 'none');
    const laptop = await world.laptop('Eve', 'specialist', tenant as TenantId);
    expect((await laptop.hello()).body.policy).toMatchObject({ holdHours: null, checkoutHours: 48 });
  });

  it('says what it can do, and what is wrong, without a stack', async () => {
    await expect(run('dance')).rejects.toMatchObject({
      stderr: expect.stringMatching(/^Commands: .*create-tenant, .*mint-code/),
    });
    const wrong = run('create-user', '--tenant', 'x', '--name', 'Ada', '--role', 'king');
    await expect(wrong).rejects.toMatchObject({ stderr: expect.not.stringContaining('file://') });
  });
});
