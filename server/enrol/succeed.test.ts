/** A laptop whose vault was set back or copied goes on under a new id, and no one has to help. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newSigningSeed, nodeCrypto, signerFromSeed } from '../../platform/crypto.ts';
import { toBase64Url } from '../../shared/bytes.ts';
import { chainStart } from '../../shared/sync/change.ts';
import { chainChanges } from '../../shared/sync/segment.ts';
import type { SucceedAnswer } from '../../shared/sync/wire.ts';
import { type RunningPostgres, startPostgres } from '../../tools/support/postgres.ts';
import { type Edit, Laptop, newCaseId, newRecordId, received, type Written } from '../testing/laptop.ts';
import { readAll, startWorld, type World } from '../testing/world.ts';

let postgres: RunningPostgres;
let world: World;
let epoch: string;

beforeAll(async () => {
  postgres = await startPostgres({ ephemeral: true });
  world = await startWorld({ ownerUrl: await postgres.createDatabase('succeed') });
  epoch = world.service.epoch;
});
afterAll(async () => {
  await world?.stop();
  await postgres?.stop();
});

const note = (text: string): Edit => ({
  kind: 'note',
  op: 'create',
  record: newRecordId(),
  fields: { text },
});

/** A copy of a laptop, before either writes. */
function copyOf(laptop: Laptop): Laptop {
  const copy = new Laptop(world.service.url, laptop.device);
  return Object.assign(copy, { signer: laptop.signer, user: laptop.user });
}

function waitingIn({ segment }: Written, { device }: Laptop) {
  const place = { caseId: segment.case, device, prev: chainStart };
  return chainChanges({ ...place, changes: segment.changes }, nodeCrypto).map(({ n, hash }) => {
    return { case: segment.case, n, hash };
  });
}

async function succeed(laptop: Laptop, waiting: readonly object[] = [], seed = newSigningSeed()) {
  const signer = signerFromSeed(seed);
  const deviceKey = toBase64Url(signer.publicKey);
  const reply = await laptop.ask<SucceedAnswer>('/v1/sync/succeed', { deviceKey, program: '0.1.0', waiting });
  const next = new Laptop(world.service.url, reply.body.device?.id);
  return { reply, next: Object.assign(next, { signer, user: laptop.user }) };
}

describe('two copies of a laptop', () => {
  it('both go on under new ids, and each is told what of its own was taken', async () => {
    const one = await world.laptop('Ada');
    const two = copyOf(one);
    const caseId = newCaseId();
    const [first, second] = [one.write(caseId, received('first')), two.write(caseId, received('second'))];
    await one.push(epoch, first);
    expect((await two.push(epoch, second)).body.segments).toMatchObject([{ code: 'change.id-reused' }]);
    expect((await two.hello()).body.code).toBe('change.id-reused');
    const after = await succeed(two, waitingIn(second, two));
    expect(after.reply.body.taken).toEqual([false]);
    expect((await after.next.push(epoch, after.next.write(newCaseId(), received()))).status).toBe(200);
    expect((await one.pull(epoch)).body.code).toBe('change.id-reused');
    const other = await succeed(one, waitingIn(first, one));
    expect(other.reply.body.taken).toEqual([true]);
    expect((await readAll(other.next, world)).heads.get(caseId)?.position).toBe(1);
  });
});

describe('a new id', () => {
  it('is the same when the answer was lost and the laptop asks again', async () => {
    const laptop = await world.laptop('Ada');
    const seed = newSigningSeed();
    const [first, second] = [await succeed(laptop, [], seed), await succeed(laptop, [], seed)];
    expect(second.reply.body).toEqual(first.reply.body);
  });

  it('ends the old one, whose signatures still count', async () => {
    const [laptop, max] = [await world.laptop('Ada'), await world.laptop('Max')];
    const caseId = newCaseId();
    await laptop.push(epoch, laptop.write(caseId, received()));
    const late = laptop.write(caseId, note('signed before'));
    const { next } = await succeed(laptop);
    expect((await laptop.push(epoch, late)).body.code).toBe('change.id-reused');
    expect((await max.push(epoch, late)).body.segments).toMatchObject([
      { changes: [{ outcome: 'applied' }] },
    ]);
    const { directory } = (await next.hello()).body;
    const labels = directory.devices.filter(({ user }) => user === laptop.user).map(({ label }) => label);
    expect(labels).toEqual(['Test laptop', 'Test laptop']);
  });

  it('goes with the device it followed when that is withdrawn', async () => {
    const laptop = await world.laptop('Ada');
    const { next } = await succeed(laptop);
    const { next: last } = await succeed(next);
    await world.service.admin.revokeDevice(world.tenant, laptop.device);
    expect((await last.hello()).body.code).toBe('auth.device-revoked');
    expect((await succeed(laptop)).reply.body.code).toBe('auth.device-revoked');
  });

  it('is not given without the old key, for a key of another device, or time and again', async () => {
    const [laptop, max] = [await world.laptop('Ada'), await world.laptop('Max')];
    const thief = Object.assign(copyOf(laptop), { signer: signerFromSeed(newSigningSeed()) });
    expect((await succeed(thief)).reply.body.code).toBe('auth.proof-invalid');
    const taken = { deviceKey: max.publicKey, program: '0.1.0', waiting: [] };
    expect((await laptop.ask('/v1/sync/succeed', taken)).body.code).toBe('enrol.already');
    const copies = Array.from({ length: 9 }, () => copyOf(laptop));
    const codes: (string | undefined)[] = [];
    for (const copy of copies) codes.push((await succeed(copy)).reply.body.code);
    expect(codes).toEqual([...Array(8).fill(undefined), 'access.denied']);
  });
});
