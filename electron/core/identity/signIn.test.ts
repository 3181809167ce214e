/** S02: sign-ins of a laptop with a real identity provider over loopback, and everything that can go wrong. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IdentityProvider } from '../../../shared/sync/identity.ts';
import { createAuthority, issueServerCertificate } from '../../../tools/support/authority.ts';
import {
  type RunningIdentityProvider,
  startIdentityProvider,
} from '../../../tools/support/identity-provider.ts';
import { signInByHand } from '../../../tools/support/sign-in-by-hand.ts';
import type { BrowserOutcome } from '../process/control.ts';
import { manualClock } from '../vault/testing.ts';
import { openProvider, type ProviderOptions, type Tokens } from './provider.ts';
import { answerLimitMs, createSignIn, type SignInProgress } from './signIn.ts';
import { createTokens, type KeptSignIn, type TokensDeps } from './tokens.ts';

const here: ProviderOptions = { skewMs: 0, isDevelopment: true };
const decided = { enrolBy: 'either', signInEveryHours: 8 } as const;
const people = [
  { login: 'ada', name: 'Ada Weber' },
  { login: 'max', name: 'Max Roth' },
];

let folder = '';
let caPem = '';
let provider: RunningIdentityProvider;
let identity: IdentityProvider;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tma-identity-'));
  const authority = await createAuthority(join(folder, 'authority'));
  caPem = authority.certificatePem;
  const tls = await issueServerCertificate(authority);
  provider = await startIdentityProvider({ people, organisation: 'Nordwerk', tls });
  identity = provider.settings({ ...decided, caPem });
});
afterAll(async () => {
  await provider?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A laptop whose browser does as told with the address it is given. */
function laptop(browse: (address: string) => Promise<unknown> | BrowserOutcome = () => 'opened') {
  const clock = manualClock(Date.now());
  const progress: (SignInProgress | null)[] = [];
  const opened: string[] = [];
  const runner = createSignIn({
    async openInBrowser(url) {
      opened.push(url);
      const done = browse(url);
      if (typeof done === 'string') return done;
      done.catch(() => undefined);
      return 'opened';
    },
    clock,
    language: () => 'de',
    onProgress: (next) => void progress.push(next),
  });
  return { clock, progress, opened, ...runner };
}

const ada = (address: string) => signInByHand(address, { login: 'ada', caPem });
/** What a browser shows at the end of a sign-in. */
const page = async (url: URL, preferred = 'de') => {
  const answer = await fetch(url, { headers: { 'accept-language': preferred } });
  return `${answer.status} ${/<h1>(.*)<\/h1>/.exec(await answer.text())?.[1]}`;
};
const asAda = async (address: string) => page(await ada(address));
const failure = (code: string, params?: object) => ({ code, ...(params && { params }) });

describe('S02: a sign-in', () => {
  it('brings tokens of the person who signed in, and tells the browser in the laptop’s language', async () => {
    let shown: Promise<string> | undefined;
    const one = laptop((address) => {
      shown = asAda(address);
      return shown;
    });
    const { shown: signIn, tokens } = await one.run(identity, here);
    expect(await shown).toBe('200 Sie sind angemeldet');
    expect(JSON.parse(Buffer.from(signIn.idToken.split('.')[1] ?? '', 'base64url').toString())).toMatchObject(
      {
        ...{ sub: 'ada', name: 'Ada Weber', aud: 'tma-workstation', iss: provider.issuer },
        auth_time: expect.any(Number),
      },
    );
    expect(tokens.lifeMs).toBe(600_000);
    expect(tokens.refreshToken).toEqual(expect.any(String));
    expect(one.progress.map((each) => each?.state ?? null)).toEqual([
      'starting',
      'waiting',
      'finishing',
      null,
    ]);
  });

  it('speaks what the browser prefers, where the laptop’s language was not chosen', async () => {
    for (const [preferred, heading] of [
      ['de-AT,de;q=0.9', '200 Sie sind angemeldet'],
      ['fr-FR', '200 You are signed in'],
    ] as const) {
      let shown: Promise<string> | undefined;
      const one = createSignIn({
        async openInBrowser(url) {
          shown = ada(url).then((back) => page(back, preferred));
          return 'opened';
        },
        ...{ clock: manualClock(Date.now()), language: () => undefined, onProgress: () => undefined },
      });
      await one.run(identity, here);
      expect(await shown).toBe(heading);
    }
  });

  it('asks with PKCE, a state and a nonce of its own each time, and for a sign-in just made', async () => {
    const one = laptop(asAda);
    await one.run(identity, here);
    await one.run(identity, here);
    const [first, second] = one.opened.map((url) => new URL(url).searchParams);
    expect(Object.fromEntries(first ?? [])).toMatchObject({
      ...{
        response_type: 'code',
        code_challenge_method: 'S256',
        max_age: '900',
        client_id: 'tma-workstation',
      },
      redirect_uri: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/callback$/),
    });
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(first?.get(name)?.length).toBe(43);
      expect(first?.get(name)).not.toBe(second?.get(name));
    }
  });

  it('leaves the address to the person where the host opens nothing', async () => {
    const one = laptop(() => 'shown');
    const running = one.run(identity, here);
    await expect.poll(() => one.progress.at(-1)?.state).toBe('waiting');
    expect(one.progress.at(-1)?.address).toBe(one.opened[0]);
    await asAda(one.opened[0] ?? '');
    await expect(running).resolves.toHaveProperty('tokens');
  });

  it('keeps waiting when something knocks that does not know its state', async () => {
    const one = laptop();
    const running = one.run(identity, here);
    await expect.poll(() => one.opened.length).toBe(1);
    const good = await ada(one.opened[0] ?? '');
    const strange = new URL(good);
    strange.searchParams.set('state', 'x'.repeat(43));
    expect(await page(strange)).toBe('400 Diese Antwort gehört zu keiner laufenden Anmeldung');
    expect(await page(new URL('/favicon.ico', good))).toMatch(/^404/);
    const renamed = new URL(good);
    renamed.hostname = 'localhost';
    expect(await page(renamed)).toMatch(/^400/);
    const [first, again] = await Promise.all([page(good), page(good)]);
    expect([first, again].sort()).toEqual([
      '200 Sie sind angemeldet',
      '410 Diese Antwort wurde schon angenommen',
    ]);
    await expect(running).resolves.toHaveProperty('tokens');
  });
});

describe('S02: a sign-in that fails', () => {
  it('in which the browser was not opened, names the host', async () => {
    await expect(laptop(() => 'refused').run(identity, here)).rejects.toMatchObject(
      failure('auth.browser-refused', { host: 'localhost' }),
    );
  });

  it('ends after five minutes, or when it is cancelled, and frees the port', async () => {
    const slow = laptop();
    const running = slow.run(identity, here);
    await expect.poll(() => slow.opened.length).toBe(1);
    slow.clock.advance(answerLimitMs);
    await expect(running).rejects.toMatchObject(failure('auth.sign-in-timeout'));
    const again = slow.run(identity, here);
    await expect.poll(() => slow.opened.length).toBe(2);
    slow.cancel();
    await expect(again).rejects.toMatchObject(failure('auth.sign-in-cancelled'));
    expect(slow.progress.at(-1)).toBeNull();
    const { redirect_uri } = Object.fromEntries(new URL(slow.opened[1] ?? '').searchParams);
    await expect(fetch(redirect_uri ?? '')).rejects.toThrow();
  });

  it('is the second of two at once', async () => {
    const one = laptop();
    const running = one.run(identity, here);
    await expect(one.run(identity, here)).rejects.toMatchObject(failure('auth.sign-in-running'));
    one.cancel();
    await expect(running).rejects.toMatchObject(failure('auth.sign-in-cancelled'));
  });

  it('has its ports taken, where the provider wants certain ones', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo; // it listens on a network address
    const fixed = { ...identity, redirectPorts: [port] };
    await expect(laptop(asAda).run(fixed, here)).rejects.toMatchObject(
      failure('auth.port-busy', { ports: String(port) }),
    );
    await new Promise((resolve) => taken.close(resolve));
    await expect(laptop(asAda).run(fixed, here)).resolves.toHaveProperty('tokens');
  });

  it('meets a provider that is down, gone, or not proven to be itself', async () => {
    provider.setDown(true);
    await expect(laptop(asAda).run(identity, here)).rejects.toMatchObject(
      failure('auth.provider-unreachable'),
    );
    provider.setDown(false);
    const gone = { ...identity, issuer: 'https://localhost:1' };
    await expect(laptop(asAda).run(gone, here)).rejects.toMatchObject(failure('auth.provider-unreachable'));
    const { caPem: _known, ...unknown } = identity;
    await expect(laptop(asAda).run(unknown, here)).rejects.toMatchObject(
      failure('auth.provider-untrusted', { reason: 'authority' }),
    );
    const renamed = { ...identity, issuer: identity.issuer.replace('localhost', '127.0.0.2') };
    await expect(laptop(asAda).run(renamed, here)).rejects.toMatchObject({
      code: expect.stringMatching(/^auth\.provider-un/),
    });
    const plain = { ...identity, issuer: 'http://127.0.0.1:1' };
    await expect(laptop(asAda).run(plain, { ...here, isDevelopment: false })).rejects.toMatchObject(
      failure('auth.provider-untrusted', { reason: 'protocol' }),
    );
  });

  it('goes down between the browser’s answer and the tokens, and says so', async () => {
    const one = laptop(async (address) => {
      const answer = await ada(address);
      provider.setDown(true);
      return page(answer);
    });
    await expect(one.run(identity, here)).rejects.toMatchObject(failure('auth.provider-unreachable'));
    provider.setDown(false);
  });

  it('is refused by the provider, and repeats its reason', async () => {
    const stranger = laptop(async (address) => page(await signInByHand(address, { login: 'eve', caPem })));
    await expect(stranger.run(identity, here)).rejects.toMatchObject(
      failure('auth.sign-in-refused', { reason: 'access_denied' }),
    );
  });

  it('comes from another issuer, or brings no code, or one that was used already', async () => {
    const altered = (change: (url: URL) => void) =>
      laptop(async (address) => {
        const url = await ada(address);
        change(url);
        return page(url);
      }).run(identity, here);
    await expect(altered((url) => url.searchParams.set('iss', 'https://evil.example'))).rejects.toMatchObject(
      failure('auth.answer-refused', { reason: 'OAUTH_INVALID_RESPONSE' }),
    );
    await expect(altered((url) => url.searchParams.delete('iss'))).rejects.toMatchObject({
      code: 'auth.answer-refused',
    });
    await expect(altered((url) => url.searchParams.delete('code'))).rejects.toMatchObject({
      code: 'auth.answer-refused',
    });
    let used = '';
    await laptop(async (address) => {
      const url = await ada(address);
      used = url.searchParams.get('code') ?? '';
      return page(url);
    }).run(identity, here);
    await expect(altered((url) => url.searchParams.set('code', used))).rejects.toMatchObject(
      failure('auth.answer-refused', { reason: 'invalid_grant' }),
    );
  });

  it('is not judged by the clock of the laptop, but by the service’s, which must be near the provider’s', async () => {
    const dayMs = 86_400_000;
    // As if the service's clock were a day ahead of the provider's: the token just made is from yesterday.
    await expect(laptop(asAda).run(identity, { ...here, skewMs: -dayMs })).rejects.toMatchObject(
      failure('auth.clock-off'),
    );
  });
});

/** A vault's tokens, kept in memory. */
function keeper(more: Partial<TokensDeps> = {}) {
  const clock = manualClock(Date.now());
  const written: (KeptSignIn | undefined)[] = [];
  const tokens = createTokens({
    provider: () => identity,
    options: () => here,
    read: async () => written.at(-1),
    write: async (kept) => void written.push(kept),
    nowMs: clock.nowMs,
    ...more,
  });
  return { ...tokens, clock, written };
}

const signedIn = async (): Promise<Tokens> => (await laptop(asAda).run(identity, here)).tokens;

describe('S02: the tokens of an open vault', () => {
  it('are renewed before they end, once for all who ask, and the refresh token is another each time', async () => {
    const kept = keeper();
    const first = await signedIn();
    await kept.adopt(identity, first);
    expect(await kept.current()).toBe(first.accessToken);
    kept.clock.advance(first.lifeMs);
    const before = provider.tokenRequests();
    const [a, b] = await Promise.all([kept.current(), kept.current()]);
    expect(a).toBe(b);
    expect(a).not.toBe(first.accessToken);
    expect(provider.tokenRequests()).toBe(before + 1);
    expect(kept.written).toHaveLength(2);
    expect(kept.written[1]?.refreshToken).not.toBe(kept.written[0]?.refreshToken);
    kept.refused();
    expect(await kept.current()).not.toBe(a);
    // The access token is kept nowhere.
    expect(JSON.stringify(kept.written)).not.toContain(a);
  });

  it('are durable before they are used', async () => {
    const full = keeper({ write: () => Promise.reject(new Error('disk full')) });
    await expect(full.adopt(identity, await signedIn())).rejects.toThrow('disk full');
    expect(await full.current()).toBeUndefined();
  });

  it('end when the account is closed at the provider, and stay ended until the next sign-in', async () => {
    const kept = keeper();
    await kept.adopt(
      identity,
      (
        await laptop(async (address) => page(await signInByHand(address, { login: 'max', caPem }))).run(
          identity,
          here,
        )
      ).tokens,
    );
    provider.deactivate('max');
    kept.refused();
    await expect(kept.current()).rejects.toMatchObject(failure('auth.sign-in-ended'));
    await expect(kept.current()).rejects.toMatchObject(failure('auth.sign-in-ended'));
    expect(kept.written.at(-1)?.refreshToken).toBeNull();
    await kept.adopt(identity, await signedIn());
    expect(await kept.current()).toEqual(expect.any(String));
  });

  it('outlive a provider that is down for a while', async () => {
    const kept = keeper();
    await kept.adopt(identity, await signedIn());
    kept.refused();
    provider.setDown(true);
    await expect(kept.current()).rejects.toMatchObject(failure('auth.provider-unreachable'));
    provider.setDown(false);
    expect(await kept.current()).toEqual(expect.any(String));
  });

  it('are none where nobody signed in, where none are asked for, and with another provider', async () => {
    expect(await keeper().current()).toBeUndefined();
    const idle = keeper({ provider: () => ({ ...identity, signInEveryHours: null }) });
    await idle.adopt(identity, await signedIn());
    expect(await idle.current()).toBeUndefined();
    const moved = keeper({ provider: () => ({ ...identity, clientId: 'another' }) });
    await moved.adopt(identity, await signedIn());
    moved.refused();
    expect(await moved.current()).toBeUndefined();
  });

  it('are forgotten at the sign-out, and revoked at the provider', async () => {
    const kept = keeper();
    const tokens = await signedIn();
    await kept.adopt(identity, tokens);
    await kept.signOut();
    expect(kept.written.at(-1)).toBeUndefined();
    expect(await kept.current()).toBeUndefined();
    const provided = await openProvider(identity, here);
    await expect(provided.renew(tokens.refreshToken ?? '')).rejects.toMatchObject({
      code: 'auth.answer-refused',
    });
  });

  it('used twice, as by somebody who copied them, end for both', async () => {
    const kept = keeper();
    const tokens = await signedIn();
    await kept.adopt(identity, tokens);
    kept.refused();
    await kept.current();
    const thief = await openProvider(identity, here);
    await expect(thief.renew(tokens.refreshToken ?? '')).rejects.toMatchObject({
      code: 'auth.answer-refused',
    });
    kept.refused();
    await expect(kept.current()).rejects.toMatchObject(failure('auth.sign-in-ended'));
  });
});
