/** A laptop that is taken back: the order reaches it at once where it waits, and its answer is kept. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signWiped, type Wiped } from '../../shared/sync/wiped.ts';
import { type RunningPostgres, startPostgres } from '../../tools/support/postgres.ts';
import { type Laptop, send } from '../testing/laptop.ts';
import { startWorld, type World } from '../testing/world.ts';

let postgres: RunningPostgres;
let world: World;

beforeAll(async () => {
  postgres = await startPostgres({ ephemeral: true });
  world = await startWorld({ ownerUrl: await postgres.createDatabase('wipes') });
});
afterAll(async () => {
  await world?.stop();
  await postgres?.stop();
});

const revoke = (laptop: Laptop) => world.service.admin.revokeDevice(world.tenant, laptop.device);
const orderOf = async (laptop: Laptop) =>
  (await world.service.admin.wipes(world.tenant)).find(({ device }) => device === laptop.device);
const saying = (laptop: Laptop, said: Partial<Wiped> = {}): Wiped => ({
  ...{ version: 1, device: laptop.device, because: 'remote', atMs: 1_000, cases: 3, lost: 0 },
  ...said,
});
const handIn = (signed: ReturnType<typeof signWiped>) => send(world.service.url, '/v1/hand-in/wiped', signed);

describe('an order to wipe', () => {
  it('reaches a laptop that waits for news at once, and stands until the laptop has answered', async () => {
    const laptop = await world.laptop('Ada');
    const { epoch } = world.service;
    await laptop.hello();
    const waiting = laptop.pull(epoch, { waitMs: 50_000 });
    await new Promise((resolve) => setTimeout(resolve, 200));
    const startMs = performance.now();
    await revoke(laptop);
    expect((await waiting).body.code).toBe('auth.device-revoked');
    expect(performance.now() - startMs).toBeLessThan(10_000);
    expect(await orderOf(laptop)).toMatchObject({ acknowledged_at: null, heard_at: expect.any(Date) });
  });

  it('lets other laptops of the same person wait on', async () => {
    const lost = await world.laptop('Ada');
    const { epoch } = world.service;
    const kept = await world.laptopOf(lost.user ?? ('' as never));
    const waiting = kept.pull(epoch, { waitMs: 1_500 });
    await new Promise((resolve) => setTimeout(resolve, 200));
    await revoke(lost);
    expect((await waiting).status).toBe(200);
  });

  it('is not heard of by a laptop that was not here since', async () => {
    const laptop = await world.laptop('Ada');
    await revoke(laptop);
    expect(await orderOf(laptop)).toMatchObject({ heard_at: null, acknowledged_at: null });
    expect((await laptop.hello()).body.code).toBe('auth.device-revoked');
    expect(await orderOf(laptop)).toMatchObject({ heard_at: expect.any(Date), acknowledged_at: null });
  });

  it('is acknowledged by what the laptop signed before its key went, once', async () => {
    const laptop = await world.laptop('Ada');
    await revoke(laptop);
    const signed = signWiped(saying(laptop), laptop.signer);
    expect((await handIn(signed)).body).toEqual({ outcome: 'kept' });
    expect((await handIn(signed)).body).toEqual({ outcome: 'known' });
    const order = await orderOf(laptop);
    expect(order).toMatchObject({ acknowledged_at: expect.any(Date), wiped_at: new Date(1_000) });
  });

  it('is acknowledged by nobody else, and by no other words', async () => {
    const laptop = await world.laptop('Ada');
    const other = await world.laptop('Max');
    await revoke(laptop);
    const signed = signWiped(saying(laptop), laptop.signer);
    const wrong = [
      signWiped(saying(laptop), other.signer),
      { ...signed, text: signed.text.replace('1000', '2000') },
      signWiped(saying(laptop, { device: other.device }), laptop.signer),
    ];
    for (const one of wrong) expect((await handIn(one)).body.code).toBe('auth.proof-invalid');
    expect((await handIn({ ...signed, text: '{}' })).body.code).toBe('change.malformed');
    expect(await orderOf(laptop)).toMatchObject({ acknowledged_at: null });
  });
});

describe('a laptop that wiped itself', () => {
  it('says so with a signature where its key was still there', async () => {
    const laptop = await world.laptop('Ada');
    const signed = signWiped(saying(laptop, { because: 'attempts', cases: null, lost: null }), laptop.signer);
    expect((await handIn(signed)).body).toEqual({ outcome: 'kept' });
    expect(await orderOf(laptop)).toMatchObject({ ordered_at: null, acknowledged_at: expect.any(Date) });
  });

  it('is told of by the device it is enrolled as afterwards, of its own person only', async () => {
    const before = await world.laptop('Ada');
    const after = await world.laptopOf(before.user ?? ('' as never));
    const stranger = await world.laptop('Max');
    const notice = { type: 'vault.wiped', atMs: 5_000, device: before.device } as const;
    await stranger.hello([notice]);
    expect(await orderOf(before)).toBeUndefined();
    await after.hello([notice]);
    expect(await orderOf(before)).toMatchObject({ told_by: after.device, wiped_at: new Date(5_000) });
  });
});
