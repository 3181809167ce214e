/** The service's share of a vault's key: who is given it, who is not any more, and where it lies meanwhile. */
import { createHash } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newSigningSeed, nodeCrypto, signerFromSeed } from '../../platform/crypto.ts';
import { toBase64Url } from '../../shared/bytes.ts';
import type { DeviceId, UserId } from '../../shared/ids.ts';
import type { Signer } from '../../shared/sync/crypto.ts';
import { nonceHeader, proofHeader } from '../../shared/sync/proof.ts';
import {
  makeUnlockProof,
  type ReleaseAnswer,
  type ReleaseRequest,
  type UnlockClaims,
  unlockProofHeader,
} from '../../shared/sync/unlock.ts';
import {
  type RunningIdentityProvider,
  startIdentityProvider,
} from '../../tools/support/identity-provider.ts';
import { type RunningPostgres, startPostgres } from '../../tools/support/postgres.ts';
import { tokensByHand } from '../../tools/support/sign-in-by-hand.ts';
import { type Laptop, type Reply, send } from '../testing/laptop.ts';
import { startWorld, type World } from '../testing/world.ts';

let postgres: RunningPostgres;
let world: World;
let owner: pg.Client;
let provider: RunningIdentityProvider;
let nowMs = Date.now();

beforeAll(async () => {
  postgres = await startPostgres({ ephemeral: true });
  world = await startWorld({
    ownerUrl: await postgres.createDatabase('share'),
    deps: { nowMs: () => nowMs },
  });
  owner = new pg.Client({ connectionString: world.ownerUrl });
  await owner.connect();
  provider = await startIdentityProvider({
    people: [{ login: 'ada', name: 'Ada' }],
    organisation: 'Nordwerk',
  });
});
afterAll(async () => {
  await provider?.stop();
  await owner?.end();
  await world?.stop();
  await postgres?.stop();
});

const path = '/v1/unlock/share';

/** What lies beside the vault of a laptop, and asks while the vault is closed. */
class Outside {
  readonly signer: Signer = signerFromSeed(newSigningSeed());
  readonly key = toBase64Url(this.signer.publicKey);
  readonly share = toBase64Url(nodeCrypto.randomBytes(32));
  nonce = '';

  deposit(laptop: Laptop, share = this.share): Promise<Reply> {
    return laptop.ask('/v1/sync/share', { unlockKey: this.key, share });
  }

  prove(body: unknown, claims: Partial<UnlockClaims> = {}): string {
    const digest = createHash('sha256').update(JSON.stringify(body)).digest('base64url');
    const id = toBase64Url(nodeCrypto.randomBytes(16));
    const all = {
      key: this.key,
      method: 'POST',
      path,
      nonce: this.nonce,
      id,
      body: digest,
      ...claims,
    } as const;
    return makeUnlockProof(all, this.signer);
  }

  async ask(
    request: ReleaseRequest = {},
    { claims = {}, proof }: { readonly claims?: Partial<UnlockClaims>; readonly proof?: string } = {},
  ): Promise<Reply<ReleaseAnswer>> {
    const header = { [unlockProofHeader]: proof ?? this.prove(request, claims) };
    const reply = await send<ReleaseAnswer>(world.service.url, path, request, header);
    this.nonce = reply.headers.get(nonceHeader) ?? this.nonce;
    return reply;
  }

  /** As the product asks: once more with the nonce that came. */
  async release(request: ReleaseRequest = {}): Promise<Reply<ReleaseAnswer>> {
    const first = await this.ask(request);
    return first.body.code === 'auth.nonce-stale' ? this.ask(request) : first;
  }
}

async function deposited(): Promise<{ readonly laptop: Laptop; readonly outside: Outside }> {
  const laptop = await world.laptop('Ada');
  const outside = new Outside();
  expect((await outside.deposit(laptop)).status).toBe(200);
  return { laptop, outside };
}

const codeOf = ({ status, body }: Reply<unknown>) => [status, body.code];
const audited = async (device: DeviceId) => {
  const { rows } = await owner.query<{ entry: string }>(`select entry from audit where entry like $1`, [
    `%${device}%`,
  ]);
  return rows.flatMap(({ entry }) => /"type":"(share\.\w+)"/.exec(entry)?.[1] ?? []);
};

describe('a share', () => {
  it('is given back to the laptop that deposited it, as often as it asks, and each time is in the audit', async () => {
    const { laptop, outside } = await deposited();
    for (const _time of [1, 2]) {
      expect((await outside.release()).body).toMatchObject({ share: outside.share, wanted: false });
    }
    expect(await audited(laptop.device)).toEqual(['share.deposited', 'share.released', 'share.released']);
  });

  it('comes with whether the organisation still asks for one', async () => {
    const { outside } = await deposited();
    await world.service.admin.changeSettings(world.tenant, { policy: { serverShare: true } });
    expect((await outside.release()).body.wanted).toBe(true);
    await world.service.admin.changeSettings(world.tenant, { policy: { idleLockMinutes: 3 } });
    expect((await outside.release()).body.wanted).toBe(true);
    await world.service.admin.changeSettings(world.tenant, { policy: { serverShare: false } });
    expect((await outside.release()).body.wanted).toBe(false);
  });

  it('lies in the database sealed, and under no other laptop’s key', async () => {
    const { outside } = await deposited();
    const { rows } = await owner.query<{ wrapped_share: Buffer; unlock_key: Buffer }>(
      'select wrapped_share, unlock_key from vault_shares',
    );
    const plain = Buffer.from(outside.share, 'base64url');
    expect(rows.filter(({ wrapped_share }) => wrapped_share.includes(plain))).toEqual([]);
    const other = await deposited();
    await owner.query(
      'update vault_shares set wrapped_share = (select wrapped_share from vault_shares where unlock_key = $1) where unlock_key = $2',
      [Buffer.from(outside.key, 'base64url'), Buffer.from(other.outside.key, 'base64url')],
    );
    expect(codeOf(await other.outside.release())).toEqual([500, 'service.error']);
  });

  it('is replaced by the one that is deposited after it, and comes back to a restored service', async () => {
    const { laptop, outside } = await deposited();
    const next = toBase64Url(nodeCrypto.randomBytes(32));
    await outside.deposit(laptop, next);
    expect((await outside.release()).body.share).toBe(next);
    await owner.query('delete from vault_shares where device_id = $1', [laptop.device]);
    expect(codeOf(await outside.release())).toEqual([401, 'auth.device-unknown']);
    await outside.deposit(laptop, next);
    expect((await outside.release()).body.share).toBe(next);
  });
});

describe('a share is withheld', () => {
  it('from a laptop that was taken back, from its next question on; whoever took it back can read of it', async () => {
    const { laptop, outside } = await deposited();
    await world.service.admin.revokeDevice(world.tenant, laptop.device);
    expect(codeOf(await outside.release())).toEqual([403, 'auth.device-revoked']);
    expect(await audited(laptop.device)).toContain('share.withheld');
  });

  it('from a closed account', async () => {
    const { laptop, outside } = await deposited();
    await world.service.admin.setActive(world.tenant, laptop.user as UserId, false);
    expect(codeOf(await outside.release())).toEqual([403, 'access.denied']);
  });

  it('from another unlock key, from a device’s key, and from nobody in particular', async () => {
    const { laptop, outside } = await deposited();
    expect(codeOf(await new Outside().release())).toEqual([401, 'auth.device-unknown']);
    const forged = Object.assign(new Outside(), { key: outside.key });
    expect((await forged.release()).body.code).toBe('auth.proof-invalid');
    const proof = laptop.prove(path, Buffer.from('{}'));
    expect((await send(world.service.url, path, {}, { [proofHeader]: proof })).body.code).toBe(
      'auth.proof-missing',
    );
    expect((await outside.ask({}, { proof })).body.code).toBe('auth.proof-invalid');
    expect(codeOf(await send(world.service.url, path, {}))).toEqual([401, 'auth.proof-missing']);
  });

  it('from a proof that was used, that is old, or that was made for something else', async () => {
    const { outside } = await deposited();
    await outside.release();
    const proof = outside.prove({});
    expect((await outside.ask({}, { proof })).status).toBe(200);
    expect((await outside.ask({}, { proof })).body.code).toBe('auth.proof-replayed');
    const digest = createHash('sha256').update('other').digest('base64url');
    for (const claims of [{ path: '/v1/sync/share' }, { body: digest }]) {
      expect((await outside.ask({}, { claims })).body.code).toBe('auth.proof-invalid');
    }
    const old = outside.nonce;
    nowMs += 6 * 60_000;
    expect((await outside.ask({}, { claims: { nonce: old } })).body.code).toBe('auth.nonce-stale');
    expect((await outside.ask()).status).toBe(200);
  });

  it('opens nothing but this: an unlock key proves no device', async () => {
    const { laptop, outside } = await deposited();
    Object.assign(laptop, { signer: outside.signer });
    expect((await laptop.hello()).body.code).toBe('auth.proof-invalid');
    expect((await outside.deposit(laptop)).body.code).toBe('auth.proof-invalid');
  });
});

describe('an unlock key', () => {
  it('of another laptop is not to be had by depositing under it, and there are not any number of them', async () => {
    const { outside } = await deposited();
    const thief = await world.laptop('Max');
    expect((await outside.deposit(thief)).body.code).toBe('access.denied');
    expect((await outside.release()).body.share).toBe(outside.share);
    const codes: (string | undefined)[] = [];
    for (let n = 0; n < 9; n++) codes.push((await new Outside().deposit(thief)).body.code);
    expect(codes).toEqual([...Array(8).fill(undefined), 'access.denied']);
  });

  it('goes on with a laptop that takes a new device id, and is withheld with that', async () => {
    const { laptop, outside } = await deposited();
    const next = toBase64Url(signerFromSeed(newSigningSeed()).publicKey);
    const request = { deviceKey: next, program: '0.1.0', unlockKey: outside.key, waiting: [] };
    const { body } = await laptop.ask<{ device: { id: DeviceId } }>('/v1/sync/succeed', request);
    expect((await outside.release()).body.share).toBe(outside.share);
    await world.service.admin.revokeDevice(world.tenant, body.device.id);
    expect((await outside.release()).body.code).toBe('auth.device-revoked');
  });
});

describe('where the organisation asks for sign-ins', () => {
  it('gives the share out after a recent one only, and takes a fresh one along with the question', async () => {
    nowMs = Date.now();
    const identity = provider.settings({ enrolBy: 'code', signInEveryHours: 8 });
    const { laptop, outside } = await deposited();
    await world.service.admin.setLogin(world.tenant, laptop.user as UserId, 'ada');
    await world.service.admin.changeSettings(world.tenant, { identity: { userClaim: 'sub', ...identity } });
    expect(codeOf(await outside.release())).toEqual([401, 'auth.sign-in-required']);
    const { idToken, seed } = await tokensByHand(identity, { login: 'ada' });
    expect((await outside.release({ signIn: { idToken, seed } })).body.share).toBe(outside.share);
    expect((await outside.release()).body.share).toBe(outside.share);
    nowMs += 9 * 3_600_000;
    expect((await outside.release()).body.code).toBe('auth.sign-in-required');
    await world.service.admin.changeSettings(world.tenant, { identity: undefined });
    nowMs = Date.now();
  });
});
