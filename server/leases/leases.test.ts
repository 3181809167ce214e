/** Cases checked out on laptops, as the service grants and notes them. */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemIds } from '../../platform/crypto.ts';
import { type CaseId, type LeaseId, newId, type UserId } from '../../shared/ids.ts';
import type { LeasesAnswer, LeasesRequest } from '../../shared/sync/leases.ts';
import { type RunningPostgres, startPostgres } from '../../tools/support/postgres.ts';
import { type Laptop, newCaseId, newRecordId, received } from '../testing/laptop.ts';
import { startWorld, type World } from '../testing/world.ts';

const hourMs = 3_600_000;

let postgres: RunningPostgres;
let world: World;
let owner: pg.Client;
let nowMs = Date.now();

beforeAll(async () => {
  postgres = await startPostgres({ ephemeral: true });
  const ownerUrl = await postgres.createDatabase('leases');
  world = await startWorld({ ownerUrl, deps: { nowMs: () => nowMs } });
  owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
});
afterAll(async () => {
  await owner?.end();
  await world?.stop();
  await postgres?.stop();
});

const exchange = (laptop: Laptop, request: LeasesRequest) =>
  laptop.ask<LeasesAnswer>('/v1/sync/leases', request);
const take = (caseId: CaseId, forMs: number, id = newId<LeaseId>(systemIds)) => ({
  take: { id, case: caseId, purpose: 'interview' as const, forMs },
});

/** A case that its lead's laptop has told the service of. */
async function caseOf(lead: Laptop): Promise<CaseId> {
  const caseId = newCaseId();
  const first = lead.write(caseId, received());
  await lead.push(world.service.epoch, first);
  const opened = { fields: { status: 'gathering', lead: lead.user ?? '' }, saw: first.ids };
  await lead.push(world.service.epoch, lead.write(caseId, opened));
  return caseId;
}

async function audited(type: string, laptop: Laptop): Promise<readonly Record<string, unknown>[]> {
  const { rows } = await owner.query<{ entry: string }>('select entry from audit order by position');
  const entries = rows.map(({ entry }) => JSON.parse(entry) as Record<string, unknown>);
  return entries.filter((entry) => entry.type === type && entry.device === laptop.device);
}

describe('a case that is checked out', () => {
  it('is granted for as long as the organisation allows, and every contact renews it up to what was asked for', async () => {
    const ada = await world.laptop('Ada');
    const caseId = await caseOf(ada);
    const startMs = nowMs;
    const asked = take(caseId, 240 * hourMs);
    const { body } = await exchange(ada, asked);
    const granted = {
      case: caseId,
      purpose: 'interview',
      sinceMs: startMs,
      wishedUntilMs: startMs + 240 * hourMs,
    };
    expect(body.leases).toEqual([
      { ...granted, id: asked.take.id, untilMs: startMs + 168 * hourMs, renewedAtMs: startMs },
    ]);
    nowMs += 48 * hourMs;
    const renewed = { ...granted, untilMs: startMs + 216 * hourMs, renewedAtMs: nowMs };
    expect((await ada.hello()).body.leases).toEqual([{ ...renewed, id: asked.take.id }]);
    nowMs += 100 * hourMs;
    expect((await ada.hello()).body.leases?.[0]?.untilMs).toBe(startMs + 240 * hourMs);
    nowMs += 92 * hourMs;
    expect((await ada.hello()).body.leases).toEqual([]);
    expect(await audited('lease.ended', ada)).toEqual([
      expect.objectContaining({ reason: 'over', case: caseId }),
    ]);
    expect(await audited('lease.taken', ada)).toEqual([expect.objectContaining({ reason: 'interview' })]);
  });

  it('is checked out once, however often that is asked, and anew with another purpose or time', async () => {
    const ada = await world.laptop('Ada');
    const caseId = await caseOf(ada);
    const asked = take(caseId, hourMs);
    await exchange(ada, asked);
    expect((await exchange(ada, asked)).body.leases).toHaveLength(1);
    expect(await audited('lease.taken', ada)).toHaveLength(1);
    const again = take(caseId, 2 * hourMs);
    expect((await exchange(ada, again)).body.leases.map(({ id }) => id)).toEqual([again.take.id]);
  });

  it('is given back, and what was given back is not renewed', async () => {
    const ada = await world.laptop('Ada');
    const asked = take(await caseOf(ada), hourMs);
    await exchange(ada, asked);
    expect((await exchange(ada, { giveBack: [asked.take.id] })).body.leases).toEqual([]);
    expect((await exchange(ada, asked)).body.leases).toEqual([]);
    expect((await ada.hello()).body.leases).toEqual([]);
  });

  it('is one laptop’s: another of the same person does not have it, and cannot give it back', async () => {
    const ada = await world.laptop('Ada');
    const other = await world.laptopOf(ada.user as UserId); // enrolled a moment ago
    const asked = take(await caseOf(ada), hourMs);
    await exchange(ada, asked);
    expect((await exchange(other, { giveBack: [asked.take.id] })).body.leases).toEqual([]);
    expect((await ada.hello()).body.leases).toHaveLength(1);
  });

  it('cannot be one that the person does not see', async () => {
    const caseId = await caseOf(await world.laptop('Ada'));
    const answer = await exchange(await world.laptop('Max'), take(caseId, hourMs));
    expect([answer.status, answer.body.code]).toEqual([404, 'case.not-found']);
  });

  it('ends when the person may not see it any more', async () => {
    const ada = await world.laptop('Ada');
    const max = await world.laptop('Max');
    const caseId = await caseOf(ada);
    const record = newRecordId();
    const member = { kind: 'member', record } as const;
    const fields = { user: max.user ?? '', role: 'member' };
    const joined = ada.write(caseId, { ...member, op: 'create', fields });
    await ada.push(world.service.epoch, joined);
    expect((await exchange(max, take(caseId, hourMs))).body.leases).toHaveLength(1);
    const left = { ...member, op: 'remove' as const, fields: { $removed: true }, saw: joined.ids };
    await ada.push(world.service.epoch, ada.write(caseId, left));
    expect((await max.hello()).body.leases).toEqual([]);
    expect(await audited('lease.ended', max)).toEqual([expect.objectContaining({ reason: 'access' })]);
  });

  it('goes with the laptop when it has to go on under a new id', async () => {
    const ada = await world.laptop('Ada');
    await exchange(ada, take(await caseOf(ada), hourMs));
    const next = await world.laptop('Zoe');
    const made = await ada.ask<{ device: { id: Laptop['device'] } }>('/v1/sync/succeed', {
      deviceKey: Buffer.alloc(32, 77).toString('base64url'),
      program: 'x',
      waiting: [],
    });
    expect(made.status).toBe(200);
    const { rows } = await owner.query('select device_id from leases where user_id = $1', [ada.user]);
    expect(rows).toEqual([{ device_id: made.body.device.id }]);
    expect((await next.hello()).body.leases).toEqual([]);
  });
});

describe('what laptops are told about working offline', () => {
  it('is decided by the organisation, and how long each may is noted', async () => {
    const ada = await world.laptop('Ada');
    const { admin } = world.service;
    const policy = { offlineLeaseHours: 96, holdHours: 24, checkoutHours: 48 };
    await admin.changeSettings(world.tenant, { policy });
    expect((await ada.hello()).body.policy).toMatchObject(policy);
    const noted = async () => {
      const { rows } = await owner.query('select * from device_contacts where device_id = $1', [ada.device]);
      const { at, hold_until, lease_until } = rows[0];
      return [at, hold_until, lease_until].map((date: Date) => (date.getTime() - nowMs) / hourMs);
    };
    expect(await noted()).toEqual([0, 24, 24]);
    await exchange(ada, take(await caseOf(ada), 200 * hourMs));
    await ada.hello();
    expect(await noted()).toEqual([0, 24, 48]);
    await admin.changeSettings(world.tenant, { policy: {} });
  });
});
