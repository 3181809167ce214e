/** Sealed packets as the service takes them. */
import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningPostgres, startPostgres } from '../../tools/support/postgres.ts';
import { Laptop, newCaseId, newRecordId, received, send } from '../testing/laptop.ts';
import { readAll, startWorld, type World } from '../testing/world.ts';

let postgres: RunningPostgres;
let world: World;
const jwk = generateKeyPairSync('x25519').publicKey.export({ format: 'jwk' });
const recipient = { keyId: 'safe-1', publicKey: Buffer.from(String(jwk.x), 'base64url') };

beforeAll(async () => {
  postgres = await startPostgres({ ephemeral: true });
  world = await startWorld({ ownerUrl: await postgres.createDatabase('packets') });
});
afterAll(async () => {
  await world?.stop();
  await postgres?.stop();
});

const note = () => ({ kind: 'note', op: 'create' as const, record: newRecordId(), fields: { text: 'x' } });

async function withCase() {
  const laptop = await world.laptop('Ada');
  const caseId = newCaseId();
  await laptop.push(world.service.epoch, laptop.write(caseId, received()));
  return { laptop, caseId };
}

describe('a sealed packet', () => {
  it('is taken from a laptop that was revoked, keeps its places in the log, and is listed', async () => {
    const { laptop, caseId } = await withCase();
    const other = await world.laptopOf(laptop.user ?? (world.tenant as never));
    const { admin } = world.service;
    await admin.revokeDevice(world.tenant, laptop.device);
    const reply = await laptop.handIn(laptop.write(caseId, note(), note()), recipient);
    expect([reply.status, reply.body]).toEqual([200, { outcome: 'kept' }]);
    expect((await readAll(other, world)).heads.get(caseId)?.position).toBe(3);
    const [line] = (await admin.packets(world.tenant)).slice(-1);
    expect(line).toMatchObject({ case_id: caseId, user_name: 'Ada', changes: 2, reason: 'revoked' });
    const text = await admin.packet(world.tenant, line?.packet as never);
    expect(JSON.parse(text)).toMatchObject({ box: { recipient: { keyId: 'safe-1' } } });
  });

  it('of a case that never reached the service is kept all the same', async () => {
    const { laptop } = await withCase();
    const caseId = newCaseId();
    expect((await laptop.handIn(laptop.write(caseId, received()), recipient)).body.outcome).toBe('kept');
    const lines = await world.service.admin.packets(world.tenant);
    expect(lines.at(-1)).toMatchObject({ case_id: caseId, case_number: null, changes: 1 });
    expect((await readAll(laptop, world)).heads.has(caseId)).toBe(false);
  });

  it('is nobody else’s to hand in, and cannot be altered', async () => {
    const { laptop, caseId } = await withCase();
    const forger = new Laptop(world.service.url, laptop.device);
    const forged = await forger.handIn(forger.write(caseId, note()), recipient);
    expect(forged.body).toEqual({ code: 'auth.proof-invalid' });
    const stranger = new Laptop(world.service.url);
    const strange = await stranger.handIn(stranger.write(caseId, note()), recipient);
    expect(strange.body).toEqual({ code: 'auth.device-unknown' });
    for (const text of ['', '{}', 'null', '{"about":"{}","box":{}}']) {
      const bad = await send(world.service.url, '/v1/hand-in/packet', { text, sig: 'A'.repeat(86) });
      expect([bad.status, bad.body.code]).toEqual([400, 'change.malformed']);
    }
  });

  it('of another organisation is not listed here', async () => {
    const tenant = await world.service.admin.createTenant({ name: 'Other' });
    expect(await world.service.admin.packets(tenant)).toEqual([]);
    const [line] = await world.service.admin.packets(world.tenant);
    await expect(world.service.admin.packet(tenant, line?.packet as never)).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});
