/** How much of this laptop's own is not sent, and how much was refused and not read yet. */
import { type Kysely, type SqlBool, sql } from 'kysely';
import type { DeviceId, UserId } from '../../../shared/ids.ts';
import type { OutboxState } from './logPort.ts';
import { readMeta } from './meta.ts';
import { countPackets } from './packets.ts';
import type { VaultTables } from './tables.ts';

type Db = Kysely<VaultTables>;

export async function outboxState(tx: Db, device: DeviceId): Promise<OutboxState> {
  const pending = await tx
    .selectFrom('outbox')
    .select((of) => [of.fn.countAll<number>().as('unsent'), of.fn.min('at_ms').as('oldest')])
    .where('status', '=', sql.lit('pending'))
    .executeTakeFirstOrThrow();
  const sealed = await countPackets(tx);
  const ages = [pending.unsent === 0 ? null : pending.oldest, sealed.oldestAtMs].filter((ms) => ms !== null);
  return {
    unsent: pending.unsent + sealed.changes,
    oldestUnsentAtMs: ages.length === 0 ? null : Math.min(...ages),
    refused: (await refusedHere(tx, device)) + (await refusedInLog(tx, device)),
    refusedToRead: await refusedOfOthers(tx, device),
  };
}

/** No mark says that this refusal was read. */
function unread(table: 'outbox' | 'log', device: DeviceId | null) {
  const author = device === null ? sql.ref('log.device') : sql`${device}`;
  return sql<SqlBool>`NOT EXISTS (SELECT 1 FROM refusals_read AS mark
    WHERE mark.case_id = ${sql.ref(`${table}.case_id`)} AND mark.device = ${author}
      AND mark.n = ${sql.ref(`${table}.n`)})`;
}

/** The service has said so, and its log has not come back yet. */
async function refusedHere(tx: Db, device: DeviceId): Promise<number> {
  const { count } = await tx
    .selectFrom('outbox')
    .select((of) => of.fn.countAll<number>().as('count'))
    // Spelled out, so that the index of refused changes serves it.
    .where('status', '=', sql.lit('quarantined'))
    .where(unread('outbox', device))
    .executeTakeFirstOrThrow();
  return count;
}

async function refusedInLog(tx: Db, device: DeviceId): Promise<number> {
  const { count } = await tx
    .selectFrom('log')
    .select((of) => of.fn.countAll<number>().as('count'))
    .where('device', '=', device)
    .where('status', '=', sql.lit('quarantined'))
    .where(unread('log', device))
    .executeTakeFirstOrThrow();
  return count;
}

/** Of others, in the cases that the person leads. */
async function refusedOfOthers(tx: Db, device: DeviceId): Promise<number> {
  const lead: UserId | undefined = (await readMeta(tx, 'owner'))?.userId;
  if (lead === undefined) return 0;
  const { count } = await tx
    .selectFrom('log')
    .innerJoin('cases', 'cases.id', 'log.case_id')
    .select((of) => of.fn.countAll<number>().as('count'))
    .where('log.status', '=', sql.lit('quarantined'))
    .where('log.device', '!=', device)
    .where('cases.lead', '=', lead)
    .where(unread('log', null))
    .executeTakeFirstOrThrow();
  return count;
}
