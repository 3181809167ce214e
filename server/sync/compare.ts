/** Tells a laptop that has heard of a restore which of its logs have a past that this service has too. */
import { sql } from 'kysely';
import { TmaError } from '../../shared/errors.ts';
import type { CompareAnswer, CompareRequest } from '../../shared/sync/wire.ts';
import { reading } from '../db/scope.ts';
import type { SyncContext } from './context.ts';
import type { Asker } from './pullStore.ts';

/** Throws `service.epoch-changed`. */
export async function compare(
  context: SyncContext,
  { tenant, user }: Asker,
  request: CompareRequest,
): Promise<CompareAnswer> {
  if (request.epoch !== context.epoch) throw new TmaError('service.epoch-changed');
  const { points } = request;
  const { rows } = await reading(context.db, { tenant, user, nowMs: context.nowMs() }, (trx) =>
    sql<{ known: boolean[] | null }>`
      select tma.knows_points(${points.map((point) => point.case)}::uuid[],
        ${points.map(({ position }) => position)}::int[],
        ${points.map(({ running }) => Buffer.from(running, 'base64url'))}::bytea[]) as known`.execute(trx),
  );
  return { known: rows[0]?.known ?? [] };
}
