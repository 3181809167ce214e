/** Many devices at once on one case: nothing lost, no gap, one order for all, and the same records in any order. */
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemIds } from '../../platform/crypto.ts';
import { toBase64Url } from '../../shared/bytes.ts';
import {
  type CaseId,
  type ChangeId,
  caseRecordId,
  type DeviceId,
  newId,
  type RecordId,
  type TenantId,
  type UserId,
} from '../../shared/ids.ts';
import { type RunningPostgres, startPostgres } from '../../tools/support/postgres.ts';
import { type Service, startService } from '../start.ts';
import { type Edit, Laptop, newCaseId, newRecordId, received, type Written } from '../testing/laptop.ts';
import { readAll, startWorld, type World } from '../testing/world.ts';

let postgres: RunningPostgres;
let world: World;
let second: Service;

beforeAll(async () => {
  postgres = await startPostgres({ ephemeral: true });
  world = await startWorld({ ownerUrl: await postgres.createDatabase('many') });
  second = await startService({ databaseUrl: world.databaseUrl, keysDir: world.keysDir, logLevel: 'silent' });
});
afterAll(async () => {
  await second?.stop();
  await world?.stop();
  await postgres?.stop();
});

const note = (): Edit => ({ kind: 'note', op: 'create', record: newRecordId(), fields: { text: 'x' } });

/** A case that all these people may write. */
async function shared(laptops: readonly Laptop[]): Promise<CaseId> {
  const caseId = newCaseId();
  const [first, ...others] = laptops;
  const members = others.map(
    (laptop): Edit => ({
      kind: 'member',
      op: 'create',
      record: newRecordId(),
      fields: { user: laptop.user ?? '', role: 'specialist' },
    }),
  );
  await first?.push(world.service.epoch, first.write(caseId, received(), ...members));
  return caseId;
}

describe('devices that push at the same time through two tasks of the service', () => {
  it('give one gapless log in which every change stands once, however often each was sent', async () => {
    const laptops = await Promise.all(['a', 'b', 'c', 'd'].map((name) => world.laptop(name)));
    for (const [index, laptop] of laptops.entries()) {
      await laptop.hello();
      if (index % 2 === 1) Object.assign(laptop, { url: second.url });
    }
    const plan = fc.array(
      fc.record({ size: fc.integer({ min: 1, max: 4 }), resend: fc.integer({ min: 0, max: 3 }) }),
      {
        minLength: 3,
        maxLength: 8,
      },
    );
    await fc.assert(
      fc.asyncProperty(fc.tuple(plan, plan, plan, plan), async (plans) => {
        const caseId = await shared(laptops);
        const ids: ChangeId[] = [];
        await Promise.all(
          laptops.map(async (laptop, index) => {
            const sent: Written[] = [];
            for (const { size, resend } of plans[index] ?? []) {
              const written = laptop.write(caseId, ...Array.from({ length: size }, note));
              ids.push(...written.ids);
              sent.push(written);
              // Earlier segments come along again, as after answers that were lost.
              const { body } = await laptop.push(world.service.epoch, ...sent.slice(-1 - resend));
              expect(body.segments.every((one) => one.outcome === 'taken')).toBe(true);
            }
          }),
        );
        const reader = await readAll(laptops[0] as Laptop, world);
        expect(reader.heads.get(caseId)?.position).toBe(ids.length + laptops.length);
      }),
      { seed: 20261123, numRuns: 6 },
    );
  });

  it('begin one case once, when two send its beginning', async () => {
    const ada = await world.laptop('Ada');
    const clone = new Laptop(second.url, ada.device);
    Object.assign(clone, { signer: ada.signer });
    await ada.hello();
    await clone.hello();
    for (let i = 0; i < 5; i++) {
      const caseId = newCaseId();
      const written = ada.write(caseId, received());
      const replies = await Promise.all([
        ada.push(world.service.epoch, written),
        clone.push(world.service.epoch, written),
      ]);
      const outcomes = replies
        .map(({ body }) => body.segments[0])
        .map((one) => one?.outcome === 'taken' && one.changes[0]?.outcome);
      expect(outcomes.sort()).toEqual(['applied', 'duplicate']);
    }
  });

  it('give the cases of a year numbers without a gap', async () => {
    const laptops = await Promise.all(['a', 'b', 'c'].map((name) => world.laptop(name)));
    await Promise.all(
      laptops.map(async (laptop) => {
        for (let i = 0; i < 6; i++)
          await laptop.push(world.service.epoch, laptop.write(newCaseId(), received()));
      }),
    );
    const numbers: number[] = [];
    for (const laptop of laptops) {
      const { body } = await laptop.pull(world.service.epoch);
      numbers.push(...body.cases.map((page) => Number(page.number.slice(5))));
    }
    const sorted = numbers.sort((a, b) => a - b);
    expect(sorted).toEqual(sorted.map((_, index) => (sorted[0] ?? 0) + index));
  });
});

describe('the records of a case', () => {
  it('are the same in whatever order the devices came', async () => {
    const one = await startWorld({ ownerUrl: await postgres.createDatabase('order1') });
    const two = await startWorld({ ownerUrl: await postgres.createDatabase('order2') });
    const tenant = newId<TenantId>(systemIds);
    const users = [newId<UserId>(systemIds), newId<UserId>(systemIds), newId<UserId>(systemIds)] as const;
    const devices = users.map(() => new Laptop('', newId<DeviceId>(systemIds)));
    for (const { service } of [one, two]) {
      await service.admin.createTenant({ name: 'T', id: tenant });
      for (const [index, user] of users.entries()) {
        const device = devices[index] as Laptop;
        await service.admin.createUser({ tenant, name: 'x', role: 'specialist', id: user });
        await service.admin.registerDevice({
          tenant,
          user,
          label: 'x',
          publicKey: device.publicKey,
          id: device.device,
        });
      }
    }
    const caseId = newCaseId();
    const [ada, max, eve] = devices as [Laptop, Laptop, Laptop];
    const invite = (user: UserId): Edit => ({
      kind: 'member',
      op: 'create',
      record: newRecordId(),
      fields: { user, role: 'specialist' },
    });
    const start = ada.write(caseId, received('first'), invite(users[1]), invite(users[2]));
    const record = newRecordId();
    const observed: Edit = {
      kind: 'observation',
      record,
      op: 'create',
      fields: { behaviours: { add: ['leakage'], remove: [] } },
    };
    const apart = [
      ada.write(caseId, { fields: { title: 'by Ada', level: 'low' }, saw: start.ids }, observed),
      max.write(caseId, { fields: { title: 'by Max', level: 'high' }, saw: start.ids }, observed),
      eve.write(caseId, { fields: { title: 'by Eve', level: 'moderate' }, saw: start.ids }, observed),
    ] as const;
    const send = async ({ service }: World, written: readonly Written[]) => {
      for (const { segment } of written) {
        const index = devices.findIndex(({ device }) => device === segment.device);
        const device = devices[index] as Laptop;
        const user = users[index] as UserId;
        const submitter = {
          tenant,
          user,
          role: 'specialist',
          device: device.device,
          deviceKey: device.signer.publicKey,
        } as const;
        expect(await service.ingest(submitter, [segment])).toMatchObject([{ outcome: 'taken' }]);
      }
    };
    await send(one, [start, ...apart]);
    await send(two, [start, ...apart.toReversed()]);
    const read = async (target: World) => {
      Object.assign(ada, { url: target.service.url, nonce: '' });
      return (await readAll(ada, target)).records;
    };
    const [first, other] = [await read(one), await read(two)];
    const sorted = (records: ReadonlyMap<RecordId, unknown>) =>
      [...records].sort(([a], [b]) => (a < b ? -1 : 1));
    expect(sorted(other)).toEqual(sorted(first));
    expect(first.get(caseRecordId(caseId))?.registers.title).toHaveLength(3);
    expect(toBase64Url(one.service.publicKey)).not.toBe(toBase64Url(two.service.publicKey));
    await one.stop();
    await two.stop();
  });
});
