/**
 * Takes back memberships that have come to their end, and what was open for a time that is over. It changes nothing of
 * what may be seen, which every request is judged by anew; it lets the laptops know.
 */
import { sql } from 'kysely';
import { isHandedOver } from '../../shared/domain/rights.ts';
import type { CaseId, RecordId, TenantId, UserId } from '../../shared/ids.ts';
import { caseRecordId } from '../../shared/ids.ts';
import type { RecordState } from '../../shared/sync/merge.ts';
import { reading, writing } from '../db/scope.ts';
import { readAccess, teamOf } from './access.ts';
import { loadRecords, lockCase } from './caseStore.ts';
import type { SyncContext } from './context.ts';
import { endGlass } from './glass.ts';
import { loadPeople, lockTeam, putTeam } from './grants.ts';

interface Asker {
  readonly tenant: TenantId;
  readonly user: UserId;
}

/** Writes into the person's own log which cases they no longer see because their membership ended. */
export async function endMemberships(context: SyncContext, asker: Asker): Promise<void> {
  const nowMs = context.nowMs();
  const { tenant, user } = asker;
  const ended = await reading(context.db, { tenant, user, nowMs }, async (trx) => {
    const { rows } = await sql<{ case_id: CaseId; what: 'grant' | 'glass' }>`
      select case_id, 'grant' as what from tma.ended_grants() as case_id
      union all select case_id, 'glass' from tma.ended_glass() as case_id`.execute(trx);
    return rows;
  });
  for (const { case_id: caseId, what } of ended) {
    await (what === 'grant' ? refreshTeam : endGlass)(context, { ...asker, caseId });
  }
}

async function refreshTeam(context: SyncContext, place: Asker & { readonly caseId: CaseId }): Promise<void> {
  const nowMs = context.nowMs();
  await writing(context.db, { ...place, nowMs }, async (trx) => {
    const row = await lockCase(trx, place);
    if (row === undefined || row.wrappedKey === null) return;
    const cipher = await context.caseKeys.open(place.tenant, place.caseId, row.wrappedKey);
    const people = await loadPeople(trx, place);
    const team = await lockTeam(trx, place);
    const stored = await loadRecords(trx, place, { ids: [caseRecordId(place.caseId)], members: true });
    const records = new Map<RecordId, RecordState>(
      stored.map(({ id, state }) => [id, cipher.openState(state, id)]),
    );
    const facts = readAccess(records, place.caseId);
    const openToIntake = !isHandedOver(facts.status);
    const after = teamOf(facts, { creator: row.creator, people, before: team, nowMs });
    await putTeam(trx, place, {
      before: { team, openToIntake },
      after: { team: after, openToIntake },
      people,
      by: place.user,
      nowMs,
    });
  });
}
