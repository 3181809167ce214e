/** S02, S03: sign-ins with a real identity provider, as the service judges them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeCrypto } from '../../platform/crypto.ts';
import type { TenantId, UserId } from '../../shared/ids.ts';
import type { IdentityProvider } from '../../shared/sync/identity.ts';
import { tokenHash } from '../../shared/sync/proof.ts';
import {
  type RunningIdentityProvider,
  startIdentityProvider,
} from '../../tools/support/identity-provider.ts';
import { type RunningPostgres, startPostgres } from '../../tools/support/postgres.ts';
import { type TokensByHand, tokensByHand } from '../../tools/support/sign-in-by-hand.ts';
import { Laptop, type Reply, send } from '../testing/laptop.ts';
import { startWorld, type World } from '../testing/world.ts';
import { createVerifier } from './verifier.ts';

const hourMs = 3_600_000;
const helloBody = { program: '0.1.0', protocol: 1, schema: 1 };
const people = [
  { login: 'ada', name: 'Ada Weber' },
  { login: 'max', name: 'Max Roth' },
  { login: 'eve', name: 'Eve Nobody' },
];

let postgres: RunningPostgres;
let provider: RunningIdentityProvider;
let world: World;
/** How far the service's clock is ahead of the provider's. */
let aheadMs = 0;
let tenant: TenantId;
const users = new Map<string, UserId>();

beforeAll(async () => {
  postgres = await startPostgres({ ephemeral: true });
  provider = await startIdentityProvider({ people, organisation: 'Nordwerk' });
  const ownerUrl = await postgres.createDatabase('identity');
  world = await startWorld({ ownerUrl, deps: { nowMs: () => Date.now() + aheadMs } });
  tenant = world.tenant;
  for (const { login, name } of people.slice(0, 2)) {
    const user = await world.person(name);
    users.set(login, user);
    await world.service.admin.setLogin(tenant, user, login);
  }
});
afterAll(async () => {
  await world?.stop();
  await provider?.stop();
  await postgres?.stop();
});

type Decided = Parameters<RunningIdentityProvider['settings']>[0];

async function decide(decided: Decided): Promise<IdentityProvider> {
  aheadMs = 0;
  const identity = provider.settings(decided);
  await world.service.admin.changeSettings(tenant, { identity: { userClaim: 'sub', ...identity } });
  return identity;
}

const tokens = (identity: IdentityProvider, login: string) => tokensByHand(identity, { login });
const signInOf = ({ idToken, seed }: TokensByHand) => ({ tenant, idToken, seed });
const enrol = (laptop: Laptop, body: object) =>
  send<{ user: { id: UserId } }>(world.service.url, '/v1/enrol', {
    ...{ deviceKey: laptop.publicKey, label: 'Laptop 7', program: '0.1.0', ...body },
  });
const laptop = () => new Laptop(world.service.url);

/** A laptop of a person, whichever way it became one. */
async function enrolled(login: string): Promise<Laptop> {
  const made = laptop();
  const user = users.get(login) ?? world.tenant;
  const { code } = await world.service.admin.mintCode({ tenant, user: user as unknown as UserId });
  await made.enrol(code);
  return made;
}

function hello(of: Laptop, token?: string, ath = token && tokenHash(token, nodeCrypto)): Promise<Reply> {
  if (token === undefined) return of.ask('/v1/sync/hello', helloBody);
  const claims = ath === undefined ? {} : { ath };
  return of.ask('/v1/sync/hello', helloBody, { claims, headers: { authorization: `Bearer ${token}` } });
}
const hand = (of: Laptop, { idToken, seed }: TokensByHand) => of.ask('/v1/sync/sign-in', { idToken, seed });
const codeOf = ({ status, body }: Reply) => [status, body.code];

describe('S02: an organisation', () => {
  it('tells whoever knows its id where it signs in, and nothing of how it knows people', async () => {
    const identity = await decide({ enrolBy: 'either', signInEveryHours: null });
    const { body } = await send(world.service.url, '/v1/enrol/organisation', { tenant });
    expect(body).toEqual({
      tenant: { id: tenant, name: 'Muster AG' },
      identity,
      serverTimeMs: expect.any(Number),
    });
    const nobody = await send(world.service.url, '/v1/enrol/organisation', {
      tenant: '01900000-0000-7000-8000-000000000001',
    });
    expect(codeOf(nobody)).toEqual([404, 'not-found']);
  });

  it('without a provider goes on with codes alone, and no request needs a token', async () => {
    const other = await world.service.admin.createTenant({ name: 'Ohne GmbH' });
    const made = await world.laptop('Kim', 'specialist', other);
    expect((await hello(made)).status).toBe(200);
    const answer = await send(world.service.url, '/v1/enrol/organisation', { tenant: other });
    expect(answer.body).not.toHaveProperty('identity');
  });
});

describe('S02: enrolment by a sign-in', () => {
  it('makes one device of the person who signed in, and tells the same laptop the same again', async () => {
    const identity = await decide({ enrolBy: 'sign-in', signInEveryHours: null });
    const signIn = signInOf(await tokens(identity, 'ada'));
    const checked = await send(world.service.url, '/v1/enrol/sign-in', signIn);
    expect(checked.body).toMatchObject({ user: { id: users.get('ada'), name: 'Ada Weber' } });
    const made = laptop();
    const first = await enrol(made, { signIn });
    expect(first.body).toMatchObject({ user: { id: users.get('ada') }, device: { label: 'Laptop 7' } });
    expect((await enrol(made, { signIn })).body).toEqual(first.body);
    expect(codeOf(await enrol(laptop(), { signIn }))).toEqual([409, 'auth.sign-in-used']);
  });

  it('does not take a code instead, nor a sign-in where a code is asked for', async () => {
    const identity = await decide({ enrolBy: 'sign-in', signInEveryHours: null });
    const { code } = await world.service.admin.mintCode({ tenant, user: users.get('ada') as UserId });
    expect(codeOf(await enrol(laptop(), { code }))).toEqual([401, 'auth.sign-in-required']);
    await decide({ enrolBy: 'both', signInEveryHours: null });
    const signIn = signInOf(await tokens(identity, 'ada'));
    expect(codeOf(await enrol(laptop(), { signIn }))).toEqual([404, 'auth.provider-missing']);
    expect(codeOf(await enrol(laptop(), {}))).toEqual([400, 'input.invalid']);
    expect((await enrol(laptop(), { code, signIn })).status).toBe(200);
  });

  it('with a code as well has to be the same person, and says both names', async () => {
    const identity = await decide({ enrolBy: 'both', signInEveryHours: null });
    const { code } = await world.service.admin.mintCode({ tenant, user: users.get('ada') as UserId });
    const refused = await enrol(laptop(), { code, signIn: signInOf(await tokens(identity, 'max')) });
    expect([refused.status, refused.body]).toEqual([
      403,
      { code: 'auth.wrong-user', params: { expected: 'Ada Weber', found: 'Max Roth' } },
    ]);
  });

  it('knows neither strangers nor people whose account is closed', async () => {
    const identity = await decide({ enrolBy: 'either', signInEveryHours: null });
    const stranger = await enrol(laptop(), { signIn: signInOf(await tokens(identity, 'eve')) });
    expect(stranger.body).toEqual({ code: 'auth.user-unknown', params: { found: 'Eve Nobody' } });
    const signIn = signInOf(await tokens(identity, 'max'));
    await world.service.admin.setActive(tenant, users.get('max') as UserId, false);
    expect(codeOf(await enrol(laptop(), { signIn }))).toEqual([403, 'auth.user-unknown']);
    await world.service.admin.setActive(tenant, users.get('max') as UserId, true);
  });

  it('needs the secret its nonce was made of, the right client, and a sign-in just made', async () => {
    const identity = await decide({ enrolBy: 'either', signInEveryHours: null });
    const good = await tokens(identity, 'ada');
    const other = await tokens(identity, 'ada');
    const refused = async (signIn: object) => (await enrol(laptop(), { signIn })).body;
    expect(await refused({ ...signInOf(good), seed: other.seed })).toEqual({
      code: 'auth.token-invalid',
      params: { reason: 'nonce' },
    });
    expect(await refused({ ...signInOf(good), idToken: good.accessToken })).toMatchObject({
      code: 'auth.token-invalid',
      params: { reason: 'aud' },
    });
    const [head, body, sig = ''] = good.idToken.split('.');
    const bent = `${head}.${body}.${sig.startsWith('A') ? 'B' : 'A'}${sig.slice(1)}`;
    expect(await refused({ ...signInOf(good), idToken: bent })).toMatchObject({
      params: { reason: 'signature' },
    });
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    expect((await refused({ ...signInOf(good), idToken: `${none}.${body}.` })).code).toBe(
      'auth.token-invalid',
    );
    aheadMs = 20 * 60_000;
    expect(await refused(signInOf(good))).toMatchObject({ params: { reason: 'expired' } });
    aheadMs = -10 * 60_000;
    expect(await refused(signInOf(good))).toEqual({ code: 'auth.clock-off' });
  });
});

describe('S03: the exchange of an organisation that asks for sign-ins', () => {
  it('needs a sign-in of the last hours and a token that the device vouches for', async () => {
    const identity = await decide({ enrolBy: 'code', signInEveryHours: 8 });
    const ada = await enrolled('ada');
    const got = await tokens(identity, 'ada');
    expect(codeOf(await hello(ada))).toEqual([401, 'auth.sign-in-required']);
    expect(codeOf(await hello(ada, got.accessToken))).toEqual([401, 'auth.sign-in-required']);
    expect((await hand(ada, got)).body).toEqual({ signedInAtMs: expect.any(Number) });
    expect(codeOf(await hello(ada))).toEqual([401, 'auth.sign-in-required']);
    expect((await hello(ada, got.accessToken)).status).toBe(200);
    for (const path of ['/v1/sync/push', '/v1/sync/pull']) {
      expect(codeOf(await ada.ask(path, {}))).toEqual([401, 'auth.sign-in-required']);
    }
    aheadMs = 9 * hourMs;
    expect(codeOf(await hello(ada, got.accessToken))).toEqual([401, 'auth.sign-in-required']);
  });

  it('takes no token without its hash in the proof, with another’s, or for something else', async () => {
    const identity = await decide({ enrolBy: 'code', signInEveryHours: 8 });
    const ada = await enrolled('ada');
    const got = await tokens(identity, 'ada');
    await hand(ada, got);
    const reasonOf = ({ body }: Reply) => (body as { params?: { reason?: string } }).params?.reason;
    expect(reasonOf(await hello(ada, got.accessToken, ''))).toBeUndefined();
    expect(reasonOf(await hello(ada, got.accessToken, tokenHash('other', nodeCrypto)))).toBe('ath');
    const bare = await ada.ask('/v1/sync/hello', helloBody, {
      headers: { authorization: `Bearer ${got.accessToken}` },
    });
    expect(reasonOf(bare)).toBe('ath');
    expect(reasonOf(await hello(ada, got.idToken))).toBe('aud');
    expect(reasonOf(await hello(ada, 'no-token'))).toBe('signature');
    aheadMs = hourMs;
    expect(reasonOf(await hello(ada, got.accessToken))).toBe('expired');
  });

  it('takes neither a colleague’s token nor a colleague’s sign-in', async () => {
    const identity = await decide({ enrolBy: 'code', signInEveryHours: 8 });
    const ada = await enrolled('ada');
    await hand(ada, await tokens(identity, 'ada'));
    const max = await tokens(identity, 'max');
    expect((await hello(ada, max.accessToken)).body).toEqual({
      code: 'auth.token-invalid',
      params: { reason: 'user' },
    });
    expect((await hand(ada, max)).body).toEqual({
      code: 'auth.wrong-user',
      params: { expected: 'Ada Weber', found: 'Max Roth' },
    });
  });

  it('takes a sign-in for one device only', async () => {
    const identity = await decide({ enrolBy: 'code', signInEveryHours: 8 });
    const [first, second] = [await enrolled('ada'), await enrolled('ada')];
    const got = await tokens(identity, 'ada');
    expect((await hand(first, got)).status).toBe(200);
    expect((await hand(first, got)).status).toBe(200);
    expect(codeOf(await hand(second, got))).toEqual([409, 'auth.sign-in-used']);
  });

  it('says to a revoked device that it is revoked, whatever it brings', async () => {
    const identity = await decide({ enrolBy: 'code', signInEveryHours: 8 });
    const ada = await enrolled('ada');
    await world.service.admin.revokeDevice(tenant, ada.device);
    const got = await tokens(identity, 'ada');
    expect(codeOf(await hello(ada, got.accessToken))).toEqual([403, 'auth.device-revoked']);
    expect(codeOf(await hand(ada, got))).toEqual([403, 'auth.device-revoked']);
  });
});

describe('S02: the keys of the provider', () => {
  it('may change at any time, and serve on while the provider is away', async () => {
    const identity = await decide({ enrolBy: 'code', signInEveryHours: 8 });
    const ada = await enrolled('ada');
    const before = await tokens(identity, 'ada');
    await hand(ada, before);
    expect((await hello(ada, before.accessToken)).status).toBe(200);
    // Unknown keys are looked for at most every few seconds.
    await new Promise((resume) => setTimeout(resume, 5_100));
    await provider.rotateKeys();
    const after = await tokens(identity, 'ada');
    expect((await hello(ada, after.accessToken)).status).toBe(200);
    provider.setDown(true);
    expect((await hello(ada, after.accessToken)).status).toBe(200);
    await world.restart();
    expect(codeOf(await hello(ada, after.accessToken))).toEqual([503, 'auth.provider-unreachable']);
    provider.setDown(false);
    expect((await hello(ada, after.accessToken)).status).toBe(200);
  });

  it('are taken from the provider proven to be itself, and never without TLS in production', async () => {
    const elsewhere = await startIdentityProvider({ people, organisation: 'Falsch' });
    const identity = await decide({ enrolBy: 'either', signInEveryHours: null });
    const made = await tokens(provider.settings({ enrolBy: 'either', signInEveryHours: null }), 'ada');
    await decide({ ...identity, issuer: elsewhere.issuer });
    const refused = await enrol(laptop(), { signIn: signInOf(made) });
    await elsewhere.stop();
    expect(codeOf(refused)).toEqual([401, 'auth.token-invalid']);
    const nowMs = () => Date.now();
    const inProduction = createVerifier({ crypto: nodeCrypto, nowMs, production: true });
    const settings = {
      userClaim: 'sub',
      ...provider.settings({ enrolBy: 'either', signInEveryHours: null }),
    };
    await expect(inProduction.signIn(settings, made)).rejects.toMatchObject({
      code: 'auth.token-invalid',
      params: { reason: 'issuer' },
    });
  });
});
