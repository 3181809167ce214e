/**
 * Signing in with the organisation (S02): before a laptop is enrolled, as the way to become somebody's, and while the
 * vault is open, because the exchange asks for it. The provider's settings are asked for anew each time, so that a
 * provider that moved strands nobody.
 */
import type { Invitation, OfferedSignIn, SessionView } from '../../../shared/contract/views.ts';
import { TmaError } from '../../../shared/errors.ts';
import type { TenantId } from '../../../shared/ids.ts';
import type { EnrolCheckAnswer } from '../../../shared/sync/enrolment.ts';
import type { EnrolSignIn, IdentityProvider } from '../../../shared/sync/identity.ts';
import { iso } from '../cases/views.ts';
import type { ProviderOptions, Tokens } from '../identity/provider.ts';
import { createSignIn, type FreshSignIn, type SignInProgress } from '../identity/signIn.ts';
import type { CoreParts } from './parts.ts';

/** A sign-in that waits for its laptop to be enrolled. */
export interface PendingSignIn {
  readonly shown: EnrolSignIn;
  readonly checked: EnrolCheckAnswer;
  readonly identity: IdentityProvider;
  readonly tokens: Tokens;
}

/** What an open vault does with a sign-in. */
export interface TakesSignIn {
  takeSignIn(identity: IdentityProvider, fresh: FreshSignIn): Promise<void>;
}

export interface SignInDesk {
  /** For the session's view. */
  progress(): SessionView['signIn'];
  /** Whether a sign-in is offered before anything is known but the installation. */
  offer(): Promise<OfferedSignIn | null>;
  /** A code said whose laptop it will be: a sign-in has to be with that organisation, and that person's. */
  invited(checked: EnrolCheckAnswer): Invitation;
  /** Signs in somebody whose laptop this is going to be. */
  signInNew(): Promise<Invitation>;
  /** Signs in the person whose vault is open. */
  signInOwner(tenant: TenantId, owner: TakesSignIn): Promise<void>;
  pending(): PendingSignIn | undefined;
  cancel(): void;
}

/** What tokens of the provider are judged with. */
export function providerOptions({ profile, deps }: Pick<CoreParts, 'profile' | 'deps'>): ProviderOptions {
  return {
    skewMs: profile.device.get('skewMs') ?? 0,
    isDevelopment: deps.config.service.pinning === undefined,
  };
}

export function createSignInDesk(parts: CoreParts, changed: () => void): SignInDesk {
  const { deps, profile, clock, enrolment } = parts;
  let progress: SignInProgress | null = null;
  let byCode: EnrolCheckAnswer | undefined;
  let pending: PendingSignIn | undefined;
  const runner = createSignIn({
    openInBrowser: deps.openInBrowser,
    clock,
    language: () => profile.device.get('language'),
    onProgress(next) {
      progress = next;
      changed();
    },
  });

  const describe = async (tenant: TenantId) => {
    const askedAtMs = clock.nowMs();
    const answer = await enrolment.organisation(tenant);
    const skewMs = Math.round((askedAtMs + clock.nowMs()) / 2 - answer.serverTimeMs);
    profile.device.set('skewMs', skewMs);
    return answer;
  };
  const providerOf = async (tenant: TenantId): Promise<IdentityProvider> => {
    const { identity } = await describe(tenant);
    if (identity === undefined) throw new TmaError('auth.provider-missing');
    return identity;
  };

  return {
    progress: () =>
      progress && { ...progress, until: progress.untilMs === null ? null : iso(progress.untilMs) },
    async offer() {
      const { organisation } = deps.config.service;
      if (organisation === undefined) return null;
      const { tenant, identity } = await describe(organisation);
      return identity === undefined ? null : { organisation: tenant.name, enrolBy: identity.enrolBy };
    },
    invited(checked) {
      byCode = checked;
      pending = undefined;
      const enrolBy = checked.identity?.enrolBy ?? 'code';
      return invitationOf(checked, enrolBy === 'both' || enrolBy === 'sign-in');
    },
    async signInNew() {
      const tenant = byCode?.tenant.id ?? deps.config.service.organisation;
      if (tenant === undefined) throw new TmaError('auth.provider-missing');
      const identity = await providerOf(tenant);
      const { shown, tokens } = await runner.run(identity, providerOptions(parts));
      const checked = await enrolment.checkSignIn({ ...shown, tenant });
      if (byCode !== undefined && byCode.user.id !== checked.user.id) {
        throw new TmaError('auth.wrong-user', { expected: byCode.user.name, found: checked.user.name });
      }
      pending = { shown: { ...shown, tenant }, checked, identity, tokens };
      return invitationOf(checked, false);
    },
    async signInOwner(tenant, owner) {
      const identity = await providerOf(tenant);
      await owner.takeSignIn(identity, await runner.run(identity, providerOptions(parts)));
    },
    pending: () => pending,
    cancel: () => runner.cancel(),
  };
}

/** What a screen needs of it; where the provider is and which authority vouches for it is not for there. */
function invitationOf({ tenant, user, expiresAt }: EnrolCheckAnswer, needsSignIn: boolean): Invitation {
  return { tenant, user, expiresAt, needsSignIn };
}
