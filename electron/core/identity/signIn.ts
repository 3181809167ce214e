/**
 * One sign-in in the system's browser, from the address it opens to the tokens it brings: authorization code with
 * PKCE, state, nonce and issuer checked, one answer, five minutes (S02). One at a time. Nothing of it is kept here.
 */
import { nodeCrypto } from '../../../platform/crypto.ts';
import { toBase64Url } from '../../../shared/bytes.ts';
import { TmaError } from '../../../shared/errors.ts';
import { type IdentityProvider, type SignIn, signInNonce } from '../../../shared/sync/identity.ts';
import type { BrowserOutcome } from '../process/control.ts';
import { type Loopback, openLoopback } from './loopback.ts';
import { type Challenge, openProvider, type ProviderOptions, type Tokens } from './provider.ts';

export interface FreshSignIn {
  /** What the service is shown. */
  readonly shown: SignIn;
  readonly tokens: Tokens;
}

export interface SignInProgress {
  readonly state: 'starting' | 'waiting' | 'finishing';
  /** To be opened by the person, where the host opens nothing by itself. */
  readonly address: string | null;
  /** Until when the browser's answer is waited for. */
  readonly untilMs: number | null;
}

export interface SignInDeps {
  readonly openInBrowser: (url: string) => Promise<BrowserOutcome>;
  readonly clock: { nowMs(): number; after(delayMs: number, run: () => void): () => void };
  /** What the person chose for the laptop, if they did. */
  readonly language: () => 'de' | 'en' | undefined;
  readonly onProgress: (progress: SignInProgress | null) => void;
}

export interface SignInRunner {
  /**
   * @throws TmaError `auth.sign-in-running`, `-timeout`, `-cancelled`, `-refused`, `auth.browser-refused`,
   *   `auth.port-busy`, and what the provider fails with.
   */
  run(identity: IdentityProvider, options: ProviderOptions): Promise<FreshSignIn>;
  /** Ends the sign-in under way, if there is one. */
  cancel(): void;
}

export const answerLimitMs = 5 * 60_000;

export function createSignIn(deps: SignInDeps): SignInRunner {
  const { clock, onProgress } = deps;
  let cancelRunning: (() => void) | null = null;

  const perform = async (
    identity: IdentityProvider,
    options: ProviderOptions,
    cancelled: Promise<never>,
  ): Promise<FreshSignIn> => {
    onProgress({ state: 'starting', address: null, untilMs: null });
    const provider = await Promise.race([openProvider(identity, options), cancelled]);
    const state = randomText();
    const loopback = await openLoopback({ state, ports: identity.redirectPorts, language: deps.language() });
    try {
      const seed = nodeCrypto.randomBytes(32);
      const challenge: Challenge = {
        redirectUri: loopback.redirectUri,
        state,
        nonce: signInNonce(seed, nodeCrypto),
        pkceVerifier: randomText(),
      };
      const address = await provider.address(challenge);
      const answer = await Promise.race([ask(deps, { address, loopback }), cancelled]);
      onProgress({ state: 'finishing', address: null, untilMs: null });
      const tokens = await Promise.race([provider.redeem(answer, challenge), cancelled]);
      if (tokens.idToken === undefined) throw new TmaError('auth.answer-refused', { reason: 'id_token' });
      loopback.conclude('done');
      return { shown: { idToken: tokens.idToken, seed: toBase64Url(seed) }, tokens };
    } finally {
      loopback.conclude('failed');
      loopback.close();
    }
  };

  return {
    async run(identity, options) {
      if (cancelRunning !== null) throw new TmaError('auth.sign-in-running');
      const cancelled = Promise.withResolvers<never>();
      // Nobody may be waiting for it any more when it comes.
      cancelled.promise.catch(() => undefined);
      const limit = clock.after(answerLimitMs, () => cancelled.reject(new TmaError('auth.sign-in-timeout')));
      cancelRunning = () => cancelled.reject(new TmaError('auth.sign-in-cancelled'));
      try {
        return await perform(identity, options, cancelled.promise);
      } finally {
        limit();
        cancelRunning = null;
        onProgress(null);
      }
    },
    cancel: () => cancelRunning?.(),
  };
}

interface Asking {
  readonly address: URL;
  readonly loopback: Loopback;
}

/** Opens the browser and waits for what it brings. */
async function ask(
  { openInBrowser, onProgress, clock }: SignInDeps,
  { address, loopback }: Asking,
): Promise<URL> {
  const outcome = await openInBrowser(address.href);
  if (outcome === 'refused') throw new TmaError('auth.browser-refused', { host: address.hostname });
  onProgress({
    state: 'waiting',
    address: outcome === 'shown' ? address.href : null,
    untilMs: clock.nowMs() + answerLimitMs,
  });
  return loopback.answer;
}

const randomText = (): string => toBase64Url(nodeCrypto.randomBytes(32));
