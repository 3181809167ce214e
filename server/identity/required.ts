/** Whether a proven request of a device may exchange: what its organisation asks of a sign-in (S02). */
import { TmaError } from '../../shared/errors.ts';
import type { SyncCrypto } from '../../shared/sync/crypto.ts';
import type { SignedInAnswer, SignIn } from '../../shared/sync/identity.ts';
import { tokenHash } from '../../shared/sync/proof.ts';
import { writeAudit } from '../audit/audit.ts';
import type { Db } from '../db/connect.ts';
import { reading, writing } from '../db/scope.ts';
import type { Submitter } from '../sync/context.ts';
import type { TenantIdentity } from '../tenantSettings.ts';
import { findByLogin, noteSignIn } from './signIns.ts';
import type { Verifier } from './verifier.ts';

export interface IdentityContext {
  readonly db: Db;
  readonly crypto: Pick<SyncCrypto, 'sha256'>;
  readonly verifier: Verifier;
  nowMs(): number;
}

/** What a proof has shown of who asks, and what the organisation asks of them. */
export interface Asking extends Submitter {
  readonly identity: TenantIdentity | null;
  readonly login: string | null;
  readonly signedInAtMs: number | null;
  /** The hash of the access token that the proof binds, where there is one. */
  readonly tokenHash: string | undefined;
}

const hourMs = 3_600_000;

/** When the device has to be signed in with again; null where nothing is asked for. */
function signInDueMs({ identity, signedInAtMs }: Asking): number | null {
  const hours = identity?.signInEveryHours ?? null;
  return hours === null ? null : (signedInAtMs ?? 0) + hours * hourMs;
}

/** Throws `auth.sign-in-required` where the last sign-in is older than the organisation allows. */
export function requireRecentSignIn({ nowMs }: Pick<IdentityContext, 'nowMs'>, asking: Asking): void {
  const dueMs = signInDueMs(asking);
  if (dueMs !== null && dueMs <= nowMs()) throw new TmaError('auth.sign-in-required');
}

/**
 * Nothing where the organisation asks for nothing. Throws `auth.sign-in-required`, `auth.token-invalid`,
 * `auth.provider-unreachable`.
 */
export async function requireSignIn(
  context: IdentityContext,
  asking: Asking,
  authorization: string | undefined,
): Promise<void> {
  if (signInDueMs(asking) === null || asking.identity === null) return;
  requireRecentSignIn(context, asking);
  const token = /^Bearer ([\w.~+/-]+=*)$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) throw new TmaError('auth.sign-in-required');
  // A token that the device's key does not vouch for may come from anywhere.
  if (asking.tokenHash !== tokenHash(token, context.crypto))
    throw new TmaError('auth.token-invalid', { reason: 'ath' });
  const login = await context.verifier.accessToken(asking.identity, token);
  if (login !== asking.login) throw new TmaError('auth.token-invalid', { reason: 'user' });
}

/**
 * Takes the sign-in of a device's own person. Throws `auth.provider-missing`, `auth.wrong-user` {expected, found},
 * `auth.sign-in-used`, and what the verifier does.
 */
export async function takeSignIn(
  context: IdentityContext,
  asking: Asking,
  given: SignIn,
): Promise<SignedInAnswer> {
  const { identity, tenant, device, user } = asking;
  if (identity === null) throw new TmaError('auth.provider-missing');
  const signIn = await context.verifier.signIn(identity, given);
  const nowMs = context.nowMs();
  const scope = { tenant, user, duty: 'devices', nowMs } as const;
  if (signIn.login !== asking.login) throw await wrongUser(context, asking, signIn.login, signIn.shown);
  await writing(context.db, scope, async (trx) => {
    await noteSignIn(trx, { tenant, device, signIn });
    await writeAudit(trx, tenant, { type: 'device.signed-in', atMs: nowMs, user, device });
  });
  return { signedInAtMs: signIn.authTimeMs };
}

/** Says who was expected and who came, by the names the organisation knows them by. */
async function wrongUser(
  context: IdentityContext,
  { tenant, user }: Asking,
  login: string,
  shown: string,
): Promise<TmaError> {
  const scope = { tenant, user, duty: 'devices', nowMs: context.nowMs() } as const;
  return reading(context.db, scope, async (trx) => {
    const came = await findByLogin(trx, tenant, login);
    const { name } = await trx
      .selectFrom('users')
      .select('name')
      .where('tenant_id', '=', tenant)
      .where('user_id', '=', user)
      .executeTakeFirstOrThrow();
    return new TmaError('auth.wrong-user', { expected: name, found: came?.name ?? shown });
  });
}
