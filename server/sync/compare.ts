/**
 * Tells a laptop that has heard of a restore which of its logs have a past that this service has too, and
 * which its person may see: a membership that was lost may have ended meanwhile, without a word of it in the person's log.
 */
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
    sql<{ known: boolean[] | null; visible: boolean[] | null }>`
      select tma.knows_points(${points.map((point) => point.case)}::uuid[],
        ${points.map(({ position }) => position)}::int[],
        ${points.map(({ running }) => Buffer.from(running, 'base64url'))}::bytea[]) as known,
        (select array_agg(i.case_id is not null order by wanted.ord)
          from unnest(${points.map((point) => point.case)}::uuid[]) with ordinality as wanted(case_id, ord)
          left join case_index i on i.tenant_id = ${tenant} and i.case_id = wanted.case_id) as visible`.execute(
      trx,
    ),
  );
  const [found] = rows;
  return { known: found?.known ?? [], visible: found?.visible ?? [] };
}
