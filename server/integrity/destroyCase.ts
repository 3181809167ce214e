/**
 * Destroys the content of a case for ever, by its key: the log that is left holds hashes and headings and verifies as
 * before. Whoever saw the case is told in their own log, so that laptops remove it; then nobody sees it any more. All
 * in one transaction, with the case's row locked, so a push that is under way comes before or is refused.
 *
 * What it does not reach: backups of the database that are younger than the recovery window still hold the wrapped
 * key. The certificate says until when, and after a restore from such a backup the destruction has to be done again.
 */
import { sql } from 'kysely';
import type { OrgRole } from '../../shared/domain/people.ts';
import { isHandedOver } from '../../shared/domain/rights.ts';
import { TmaError } from '../../shared/errors.ts';
import type { UserId } from '../../shared/ids.ts';
import {
  type Certificate,
  type DestructionReason,
  signDestruction,
} from '../../shared/integrity/destruction.ts';
import { writeAudit } from '../audit/audit.ts';
import { type Trx, writing } from '../db/scope.ts';
import { type CasePlace, type CaseRow, lockCase } from '../sync/caseStore.ts';
import { loadPeople, lockTeam, putTeam } from '../sync/grants.ts';
import type { ExportContext } from './exportChain.ts';

export interface DestructionOrder extends CasePlace {
  /** The data protection officer, or an administrator. */
  readonly by: UserId;
  readonly reason: DestructionReason;
  /** File reference of the decision; no word about the case. */
  readonly reference: string;
}

/** As long as the database can be set back (`infra/data`): so long a backup holds the key. */
const backupDays = 35;
const dayMs = 86_400_000;
const mayDestroy: readonly OrgRole[] = ['dpo', 'administrator'];

/** Throws `not-found` for a case that is not there or has no content any more, `access.denied` for another role. */
export function destroyCase(
  context: Omit<ExportContext, 'caseKeys'>,
  order: DestructionOrder,
): Promise<Certificate> {
  const { tenant, caseId, by, reason, reference } = order;
  const nowMs = context.nowMs();
  return writing(context.db, { tenant, caseId, duty: 'destroy', nowMs }, async (trx) => {
    const row = await lockCase(trx, order);
    if (row === undefined || row.wrappedKey === null) throw new TmaError('not-found');
    const people = await loadPeople(trx, order);
    const person = people.get(by);
    if (person?.active !== true || !mayDestroy.includes(person.role)) throw new TmaError('access.denied');
    const before = { team: await lockTeam(trx, order), openToIntake: await isOpenToIntake(trx, order) };
    await putTeam(trx, order, {
      before,
      after: { team: new Map(), openToIntake: false },
      people,
      by,
      nowMs,
    });
    await sql`select tma.destroy_content() as done`.execute(trx);
    await writeAudit(trx, tenant, { type: 'case.destroyed', atMs: nowMs, user: by, case: caseId, reason });
    return signDestruction(
      {
        ...{ version: 1, tenant, tenantName: await nameOf(trx, order), case: caseId, by, reason, reference },
        ...leftOf(row),
        destroyedAt: new Date(nowMs).toISOString(),
        backupsUntil: new Date(nowMs + backupDays * dayMs).toISOString(),
      },
      context.signer,
    );
  });
}

function leftOf({ number, head }: CaseRow): { number: string; entries: number; running: string } {
  return { number: number ?? '', entries: head.position, running: head.running };
}

async function isOpenToIntake(trx: Trx, { tenant, caseId }: CasePlace): Promise<boolean> {
  const row = await trx
    .selectFrom('case_index')
    .select('status')
    .where('tenant_id', '=', tenant)
    .where('case_id', '=', caseId)
    .executeTakeFirst();
  return row !== undefined && !isHandedOver(row.status);
}

async function nameOf(trx: Trx, { tenant }: CasePlace): Promise<string> {
  const { name } = await trx
    .selectFrom('tenants')
    .select('name')
    .where('tenant_id', '=', tenant)
    .executeTakeFirstOrThrow();
  return name;
}
