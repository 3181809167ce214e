/**
 * What of a case the person asking reads. The policies of the database decide who sees the case at all; what of the
 * content of its changes is handed out, is decided here, because what is withheld is handed out as well, without its
 * content: the chain would not verify otherwise.
 */
import { type RawBuilder, sql } from 'kysely';
import type { CaseRole } from '../../shared/domain/people.ts';
import { everything, hasSealed, mayRead, type Reading, rightTo } from '../../shared/domain/reading.ts';
import type { Compartment, Scope } from '../../shared/domain/sections.ts';
import type { CaseId } from '../../shared/ids.ts';
import type { ChangeFields } from '../../shared/sync/change.ts';
import type { CaseAccess } from '../../shared/sync/wire.ts';
import type { Trx } from '../db/scope.ts';
import { grantOf } from './grants.ts';
import type { Asker } from './pullStore.ts';

type AskedBy = Pick<Asker, 'tenant' | 'user' | 'role'>;

export interface AccessRow {
  /** Null where there is no live grant. */
  readonly role: CaseRole | null;
  readonly until: Date | null;
  readonly epoch: number | null;
  readonly sections: Scope | null;
  readonly compartments: Compartment[] | null;
  readonly glass: readonly { readonly compartment: Compartment; readonly untilMs: number }[] | null;
  /** Whether intake sees the case, because it was not handed over yet. */
  readonly isOpen: boolean;
}

/** The columns of {@link AccessRow}, where `c` is the case; with {@link accessJoins}. */
export function accessColumns({ tenant, user, role }: AskedBy): RawBuilder<unknown> {
  return sql`
    g.role, g.until, g.epoch, g.sections, g.compartments,
    (${role} = 'intake' and i.status in ('received', 'triage', 'rejected', 'referred')) as "isOpen",
    (select json_agg(json_build_object('compartment', b.compartment,
        'untilMs', (extract(epoch from b.until) * 1000)::bigint) order by b.number)
      from glass b where b.tenant_id = ${tenant} and b.user_id = ${user} and b.case_id = c.case_id
        and b.closed_at is null and b.until > tma.now()) as glass`;
}

export function accessJoins({ tenant, user }: AskedBy): RawBuilder<unknown> {
  return sql`
    left join grants g on g.tenant_id = ${tenant} and g.case_id = c.case_id and g.user_id = ${user}
    left join case_index i on i.tenant_id = ${tenant} and i.case_id = c.case_id`;
}

export interface CaseReading extends Reading {
  readonly access: CaseAccess;
}

const nothing: Reading = { scope: {}, compartments: [] };

export function readingOf({ role, until, epoch, ...row }: AccessRow): CaseReading {
  const { sections, isOpen } = row;
  const found = { until, sections, compartments: row.compartments ?? [] };
  const grant = role === null ? undefined : grantOf({ role, ...found });
  const { scope, compartments } = isOpen ? everything : (grant?.reading ?? nothing);
  const glass = row.glass ?? [];
  return {
    scope,
    compartments: [...new Set([...compartments, ...glass.map(({ compartment }) => compartment)])],
    access: {
      grant: epoch ?? 1,
      standing: isOpen && role !== 'lead' ? 'intake' : (role ?? 'member'),
      sections: scope,
      compartments: [...compartments],
      untilMs: isOpen ? null : (grant?.untilMs ?? null),
      glass: [...glass],
    },
  };
}

/** What a page says of the access; nothing to who leads the case since it began, as most who ask do. */
export function toldAccess({ access }: CaseReading): { readonly access?: CaseAccess } {
  const isUsual = access.standing === 'lead' && access.grant === 1 && access.untilMs === null;
  return isUsual ? {} : { access };
}

/** Spares looking at each change. */
export function readsAll({ scope, compartments }: Reading): boolean {
  return scope === null && compartments.length === everything.compartments.length;
}

/**
 * Whether a change may be handed out with its content. `read` gives its fields, and is called only where the kind of
 * record alone does not decide; what it cannot read may say anything and stays closed.
 */
export function isReadable(reading: Reading, kind: string, read: () => ChangeFields | undefined): boolean {
  if (rightTo(reading.scope, kind) === undefined) return false;
  if (!hasSealed(kind)) return true;
  const fields = read();
  return fields !== undefined && mayRead(reading, { kind, fields });
}

/** What the person reads of one case; nothing where they do not see it. */
export async function readingIn(trx: Trx, asker: AskedBy, caseId: CaseId): Promise<Reading> {
  const { rows } = await sql<AccessRow>`
    select ${accessColumns(asker)} from cases c ${accessJoins(asker)}
    where c.tenant_id = ${asker.tenant} and c.case_id = ${caseId}`.execute(trx);
  const [row] = rows;
  return row === undefined ? nothing : readingOf(row);
}
