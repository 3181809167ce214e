/**
 * The tokens of the person whose vault is open. The refresh token lies in the vault and changes each time it is used:
 * the new one is durable there before anything is done with what came along. The access token is in memory alone,
 * and neither ever leaves this process but to the provider and, the access token, to the service.
 */
import { TmaError } from '../../../shared/errors.ts';
import type { IdentityProvider } from '../../../shared/sync/identity.ts';
import type { Meta } from '../storage/meta.ts';
import { openProvider, type Provider, type ProviderOptions, type Tokens } from './provider.ts';

export type KeptSignIn = Meta<'signIn'>;

export interface TokensDeps {
  /** The provider the service named last, where it did. */
  readonly provider: () => IdentityProvider | undefined;
  readonly options: () => ProviderOptions;
  readonly read: () => Promise<KeptSignIn | undefined>;
  /** Durable once resolved; undefined forgets it. */
  readonly write: (kept: KeptSignIn | undefined) => Promise<void>;
  readonly nowMs: () => number;
  readonly open?: (identity: IdentityProvider, options: ProviderOptions) => Promise<Provider>;
}

export interface TokenKeeper {
  /**
   * An access token for the exchange, renewed where it is about to end; undefined where the organisation asks for
   * none, or nobody has signed in.
   * @throws TmaError `auth.sign-in-ended` when the provider renews it no more, `auth.provider-*`.
   */
  current(): Promise<string | undefined>;
  /** The service did not take the token: the next one is another. */
  refused(): void;
  /** Takes over what a sign-in brought. */
  adopt(identity: IdentityProvider, tokens: Tokens): Promise<void>;
  /** Resolves when no renewal is under way: what it brought must be in the vault before that is closed. */
  settled(): Promise<void>;
  /** Forgets everything and tells the provider, where it can be reached. */
  signOut(): Promise<void>;
}

/** A token that ends sooner than this is renewed: it has to last for the request. */
const marginMs = 30_000;

export function createTokens(deps: TokensDeps): TokenKeeper {
  const open = deps.open ?? openProvider;
  let access: { readonly value: string; readonly endsAtMs: number } | null = null;
  let renewing: Promise<string | undefined> | null = null;

  const take = async ({ issuer, clientId }: IdentityProvider, tokens: Tokens, before?: string) => {
    const refreshToken = tokens.refreshToken ?? before ?? null;
    await deps.write({ issuer, clientId, refreshToken });
    access = { value: tokens.accessToken, endsAtMs: deps.nowMs() + tokens.lifeMs };
    return tokens.accessToken;
  };

  const renew = async (identity: IdentityProvider): Promise<string | undefined> => {
    const kept = await deps.read();
    if (kept?.issuer !== identity.issuer || kept.clientId !== identity.clientId) return undefined;
    const { refreshToken } = kept;
    if (refreshToken === null) throw new TmaError('auth.sign-in-ended');
    const provider = await open(identity, deps.options());
    try {
      return await take(identity, await provider.renew(refreshToken), refreshToken);
    } catch (thrown) {
      if (!(thrown instanceof TmaError) || thrown.code !== 'auth.answer-refused') throw thrown;
      await deps.write({ ...kept, refreshToken: null });
      throw new TmaError('auth.sign-in-ended', undefined, thrown);
    }
  };

  return {
    async current() {
      const identity = deps.provider();
      if (identity === undefined || identity.signInEveryHours === null) return undefined;
      if (access !== null && deps.nowMs() < access.endsAtMs - marginMs) return access.value;
      // A refresh token is good once: whoever asks meanwhile gets what the first one got.
      renewing ??= renew(identity).finally(() => {
        renewing = null;
      });
      return renewing;
    },
    refused() {
      access = null;
    },
    async settled() {
      await renewing?.catch(() => undefined);
    },
    async adopt(identity, tokens) {
      await take(identity, tokens);
    },
    async signOut() {
      const kept = await deps.read();
      const identity = deps.provider();
      access = null;
      await deps.write(undefined);
      if (identity === undefined || kept?.refreshToken == null || kept.issuer !== identity.issuer) return;
      const { refreshToken } = kept;
      // Signed out here is what counts; a provider that cannot be told lets the token run out.
      await open(identity, deps.options())
        .then((provider) => provider.revoke(refreshToken))
        .catch(() => undefined);
    },
  };
}
