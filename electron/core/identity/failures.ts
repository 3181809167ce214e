/** Every way in which the identity provider can fail us, as a code of the catalogue. */
import { AuthorizationResponseError, ClientError, ResponseBodyError } from 'openid-client';
import { ProviderHostError } from '../../../platform/providerFetch.ts';
import { TmaError } from '../../../shared/errors.ts';
import { certificateReason, codesOf } from '../service/failures.ts';

/** What a token with a time that cannot be is called by `openid-client`. */
const timestampCheck = 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED';

/**
 * `auth.provider-untrusted` {reason} and `auth.provider-unreachable` for the way there, `auth.sign-in-refused`
 * {reason} when the provider said no to the person, `auth.clock-off`, else `auth.answer-refused` {reason}.
 */
export function providerFailure(thrown: unknown): TmaError {
  if (thrown instanceof TmaError) return thrown;
  const reason = certificateReason(thrown);
  if (reason !== undefined) return new TmaError('auth.provider-untrusted', { reason }, thrown);
  if (causes(thrown).some((cause) => cause instanceof ProviderHostError))
    return new TmaError('auth.provider-untrusted', { reason: 'host' }, thrown);
  if (thrown instanceof AuthorizationResponseError)
    return new TmaError('auth.sign-in-refused', { reason: word(thrown.error) }, thrown);
  if (thrown instanceof ResponseBodyError) {
    return thrown.status >= 500 || thrown.status === 429
      ? new TmaError('auth.provider-unreachable', undefined, thrown)
      : new TmaError('auth.answer-refused', { reason: word(thrown.error) }, thrown);
  }
  const [code] = [...codesOf(thrown)].filter((each) => each.startsWith('OAUTH_'));
  if (code === timestampCheck) return new TmaError('auth.clock-off', undefined, thrown);
  const isAnswered = thrown instanceof ClientError && code !== undefined && !isAway(thrown);
  return isAnswered
    ? new TmaError('auth.answer-refused', { reason: word(code) }, thrown)
    : new TmaError('auth.provider-unreachable', undefined, thrown);
}

/** Nobody answered, or somebody who stands in for the provider while it is down. */
function isAway(thrown: ClientError): boolean {
  if (thrown.code === 'OAUTH_TIMEOUT' || thrown.code === 'OAUTH_ABORT') return true;
  return causes(thrown).some((cause) => cause instanceof Response && cause.status >= 500);
}

function causes(thrown: unknown): readonly unknown[] {
  const found: unknown[] = [];
  for (let cause = thrown; cause !== undefined && found.length < 6; ) {
    found.push(cause);
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return found;
}

/** What another program says of itself is shown to people: short, and letters only. */
const word = (text: string) => text.replace(/[^\w.-]/g, ' ').slice(0, 60);
