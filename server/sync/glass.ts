/**
 * Break the glass. A record of kind `glass` in the log of a case, signed by whoever writes it like every other, opens a
 * sealed compartment to its author for a few hours from when it is taken in. It stays in the log; data protection
 * officers are told of it at once, and the audit log has it.
 */
import { sql } from 'kysely';
import { glassArrivesWithinMs, glassOpenMs } from '../../shared/domain/kinds/glass.ts';
import { type Compartment, compartmentSchema } from '../../shared/domain/sections.ts';
import type { CaseId, UserId } from '../../shared/ids.ts';
import { readFields } from '../../shared/sync/change.ts';
import type { BrokenGlass } from '../../shared/sync/wire.ts';
import { type AuditEntry, writeAudit } from '../audit/audit.ts';
import { type Trx, writing } from '../db/scope.ts';
import type { AdmissionResult, Admitted } from './admission.ts';
import { type CasePlace, lockCase } from './caseStore.ts';
import type { Submitter, SyncContext } from './context.ts';
import { giveAnew, holdGrant } from './grants.ts';
import type { Asker } from './pullStore.ts';

export interface Breaking {
  readonly place: CasePlace;
  readonly author: Submitter;
  readonly nowMs: number;
  /** Of the log before what was admitted. */
  readonly position: number;
}

/** Opens what records that now count say is to be opened. @returns whom to wake: the author and who has to be told. */
export async function openGlass(
  trx: Trx,
  { place, author, nowMs, position }: Breaking,
  { admitted }: Pick<AdmissionResult, 'admitted'>,
): Promise<readonly UserId[]> {
  const broken = admitted.flatMap((one, index) => openingOf(one, position + 1 + index, nowMs));
  if (broken.length === 0) return [];
  const { user, device } = author;
  const untilMs = nowMs + glassOpenMs;
  for (const { at, compartment } of broken) {
    await sql`
      with numbered as (
        insert into glass_numbers (tenant_id, last) values (${place.tenant}, 1)
        on conflict (tenant_id) do update set last = glass_numbers.last + 1 returning last
      )
      insert into glass (tenant_id, case_id, position, number, user_id, compartment, opened_at, until)
      select ${place.tenant}::uuid, ${place.caseId}::uuid, ${at}::int, last, ${user}::uuid, ${compartment}::text,
        ${new Date(nowMs)}::timestamptz, ${new Date(untilMs)}::timestamptz from numbered`.execute(trx);
  }
  if ((await holdGrant(trx, { ...place, user, nowMs })) !== undefined)
    await giveAnew(trx, place, { user, nowMs });
  const line = { type: 'glass.broken', atMs: nowMs, user, device, case: place.caseId } as const;
  await writeAudit(
    trx,
    place.tenant,
    ...broken.map(({ compartment }): AuditEntry => ({ ...line, compartment })),
  );
  return [user, ...(await officers(trx, place))];
}

interface Opening {
  /** Position of its record. */
  readonly at: number;
  readonly compartment: Compartment;
}

function openingOf({ change, code }: Admitted, at: number, nowMs: number): readonly Opening[] {
  const { head, fields } = change;
  if (code !== undefined || head.kind !== 'glass' || nowMs - head.at[0] > glassArrivesWithinMs) return [];
  const compartment = compartmentSchema.safeParse(fields?.compartment?.value);
  return compartment.success ? [{ at, compartment: compartment.data }] : [];
}

async function officers(trx: Trx, { tenant }: CasePlace): Promise<readonly UserId[]> {
  const rows = await trx
    .selectFrom('users')
    .select('user_id')
    .where('tenant_id', '=', tenant)
    .where('role', '=', 'dpo')
    .where('active', '=', true)
    .execute();
  return rows.map((row) => row.user_id);
}

/** Takes back what was opened for a time that is over. It was not handed out any more from that moment on. */
export async function endGlass(
  context: SyncContext,
  { tenant, user, caseId }: CasePlace & Pick<Asker, 'user'>,
): Promise<void> {
  const nowMs = context.nowMs();
  await writing(context.db, { tenant, user, caseId, nowMs }, async (trx) => {
    const place = { tenant, caseId };
    if ((await lockCase(trx, place)) === undefined) return;
    const { rows } = await sql<{ compartment: Compartment }>`
      update glass set closed_at = ${new Date(nowMs)}
      where tenant_id = ${tenant} and case_id = ${caseId} and user_id = ${user} and closed_at is null
        and until <= ${new Date(nowMs)}
      returning compartment`.execute(trx);
    if (rows.length === 0) return;
    if ((await holdGrant(trx, { ...place, user, nowMs })) !== undefined)
      await giveAnew(trx, place, { user, nowMs });
    const line = { type: 'glass.ended', atMs: nowMs, user, case: caseId } as const;
    await writeAudit(trx, tenant, ...rows.map(({ compartment }): AuditEntry => ({ ...line, compartment })));
  });
}

interface BrokenRow {
  readonly number: number;
  readonly case_id: CaseId;
  readonly case_number: string | null;
  readonly wrapped_key: Uint8Array | null;
  readonly user_id: UserId;
  readonly compartment: Compartment;
  readonly position: number;
  readonly sealed: Uint8Array;
  readonly opened_at: Date;
  readonly until: Date;
}

const toldAtOnce = 200;

/** What a data protection officer was not told yet; nothing to everybody else, as the database decides. */
export async function glassAfter(
  context: SyncContext,
  trx: Trx,
  asker: Asker & { readonly after: number },
): Promise<readonly BrokenGlass[]> {
  if (asker.role !== 'dpo') return [];
  const { rows } = await sql<BrokenRow>`
    select number, case_id, case_number, wrapped_key, user_id, compartment, "position", sealed, opened_at, until
    from tma.glass_broken(${asker.after}, ${toldAtOnce})`.execute(trx);
  return Promise.all(
    rows.map(async (row) => ({
      number: row.number,
      case: row.case_id,
      caseNumber: row.case_number ?? '',
      user: row.user_id,
      compartment: row.compartment,
      reason: await reasonOf(context, asker, row),
      atMs: row.opened_at.getTime(),
      untilMs: row.until.getTime(),
    })),
  );
}

async function reasonOf(context: SyncContext, { tenant }: Asker, row: BrokenRow): Promise<string | null> {
  if (row.wrapped_key === null || row.sealed.length === 0) return null;
  const cipher = await context.caseKeys.open(tenant, row.case_id, row.wrapped_key);
  const { reason } = readFields(cipher.openChange(row.sealed, row.position).payload);
  return typeof reason?.value === 'string' ? reason.value : null;
}
