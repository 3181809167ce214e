/**
 * Who wrote the segments of a push. Usually the laptop that hands them in; after a restore of the service from a
 * backup also others, whose signed segments any laptop that holds them may bring back. Nothing is taken on the word
 * of who carries it: the author's own key has signed it, and it is judged by what the author may do.
 */
import { sql } from 'kysely';
import type { OrgRole } from '../../shared/domain/people.ts';
import type { ErrorCode } from '../../shared/errors.ts';
import type { DeviceId, UserId } from '../../shared/ids.ts';
import type { Segment } from '../../shared/sync/segment.ts';
import { reading } from '../db/scope.ts';
import type { Submitter, SyncContext } from './context.ts';

interface AuthorRow {
  readonly device_id: DeviceId;
  readonly user_id: UserId;
  readonly role: OrgRole;
  readonly active: boolean;
  readonly public_key: Uint8Array;
  readonly revoked: boolean;
}

/** By device. A device that this tenant does not have is missing. */
export async function authorsOf(
  context: SyncContext,
  submitter: Submitter,
  segments: readonly Segment[],
): Promise<ReadonlyMap<DeviceId, Submitter>> {
  const others = [...new Set(segments.map(({ device }) => device))].filter((id) => id !== submitter.device);
  const own = [[submitter.device, submitter]] as const;
  if (others.length === 0) return new Map(own);
  const { tenant, user } = submitter;
  const { rows } = await reading(context.db, { tenant, user, nowMs: context.nowMs() }, (trx) =>
    sql<AuthorRow>`
      select d.device_id, d.user_id, u.role, u.active, d.public_key, d.revoked_at is not null as revoked
      from devices d join users u on u.tenant_id = d.tenant_id and u.user_id = d.user_id
      where d.tenant_id = ${tenant} and d.device_id = any(${others}::uuid[])`.execute(trx),
  );
  return new Map([...own, ...rows.map((row) => [row.device_id, authorOf(submitter, row)] as const)]);
}

function authorOf({ tenant }: Submitter, row: AuthorRow): Submitter {
  const barred = barredBy(row);
  return {
    ...{ tenant, user: row.user_id, role: row.role, device: row.device_id, deviceKey: row.public_key },
    ...(barred === undefined ? {} : { barred }),
  };
}

/**
 * What a withdrawn device would be refused itself is kept when others bring it, and does not count. One that is kept
 * apart for two pasts is not among them: what logs had of it was taken in good order, and what contradicts that is refused.
 */
function barredBy({ revoked, active }: AuthorRow): ErrorCode | undefined {
  if (revoked) return 'auth.device-revoked';
  return active ? undefined : 'access.denied';
}
