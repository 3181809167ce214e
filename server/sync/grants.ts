/** The team as it is written down: grants, and in each person's own log what they may see from now on or no more. */
import { type Selectable, sql } from 'kysely';
import { everything, isSameReading, type Reading } from '../../shared/domain/reading.ts';
import { readCompartments, readScope } from '../../shared/domain/sections.ts';
import type { UserId } from '../../shared/ids.ts';
import type { UserEvent } from '../../shared/sync/wire.ts';
import { writeAudit } from '../audit/audit.ts';
import type { Trx } from '../db/scope.ts';
import type { Tables } from '../db/tables.ts';
import { type Grant, isLive, type Person, type Team } from './access.ts';
import type { CasePlace } from './caseStore.ts';

const grantColumns = ['role', 'until', 'sections', 'compartments'] as const;
type GrantRow = Pick<Selectable<Tables['grants']>, (typeof grantColumns)[number]>;

/** Whoever leads a case has all of it, also where the row is older than sections are. */
export function grantOf({ role, until, sections, compartments }: GrantRow): Grant {
  const scope = sections === null ? null : readScope({ ...sections });
  const named: Reading = { scope, compartments: readCompartments(compartments) };
  return { role, untilMs: until?.getTime() ?? null, reading: role === 'lead' ? everything : named };
}

/** The live grant of one person, held until the transaction ends, so that a revocation waits or is seen. */
export async function holdGrant(
  trx: Trx,
  place: CasePlace & { readonly user: UserId; readonly nowMs: number },
): Promise<Grant | undefined> {
  const row = await trx
    .selectFrom('grants')
    .select(grantColumns)
    .where('tenant_id', '=', place.tenant)
    .where('case_id', '=', place.caseId)
    .where('user_id', '=', place.user)
    .where('revoked_at', 'is', null)
    .forShare()
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const grant = grantOf(row);
  return isLive(grant, place.nowMs) ? grant : undefined;
}

/** Everyone's grant that was not revoked, locked; ended ones among them. */
export async function lockTeam(trx: Trx, place: CasePlace): Promise<Map<UserId, Grant>> {
  const rows = await trx
    .selectFrom('grants')
    .select(['user_id', ...grantColumns])
    .where('tenant_id', '=', place.tenant)
    .where('case_id', '=', place.caseId)
    .where('revoked_at', 'is', null)
    .orderBy('user_id')
    .forUpdate()
    .execute();
  return new Map(rows.map((row) => [row.user_id, grantOf(row)]));
}

/** Everyone with a live grant. */
export async function liveUsers(trx: Trx, { tenant, caseId }: CasePlace): Promise<readonly UserId[]> {
  const rows = await trx
    .selectFrom('grants')
    .select('user_id')
    .where('tenant_id', '=', tenant)
    .where('case_id', '=', caseId)
    .where('revoked_at', 'is', null)
    .execute();
  return rows.map((row) => row.user_id);
}

/** Everyone in the tenant with their role: a case's people are among them. */
export async function loadPeople(trx: Trx, { tenant }: CasePlace): Promise<Map<UserId, Person>> {
  const rows = await trx
    .selectFrom('users')
    .select(['user_id', 'role', 'active'])
    .where('tenant_id', '=', tenant)
    .execute();
  return new Map(rows.map((row) => [row.user_id, { role: row.role, active: row.active }]));
}

export interface AccessSide {
  readonly team: Team;
  /** Whether intake sees the file, because it is there and was not handed over to a team. */
  readonly openToIntake: boolean;
}

export interface AccessChange {
  readonly before: AccessSide;
  readonly after: AccessSide;
  readonly people: ReadonlyMap<UserId, Person>;
  /** Whose edit, or whose pull after an end date, brought it about. */
  readonly by: UserId;
  /** The case begins with this edit: whoever made it has held it until now. */
  readonly isNew?: boolean;
  readonly nowMs: number;
}

/** Who gains and who loses sight of the case, in the order of their ids, in which their logs are locked. */
export function sightChanges(change: AccessChange): readonly { user: UserId; type: UserEvent['type'] }[] {
  const { before, after, people, nowMs, by, isNew = false } = change;
  const sees = (side: AccessSide, user: UserId) => {
    const grant = side.team.get(user);
    const isIntake = people.get(user)?.role === 'intake' && people.get(user)?.active === true;
    return (grant !== undefined && isLive(grant, nowMs)) || (isIntake && side.openToIntake);
  };
  const users = new Set([...before.team.keys(), ...after.team.keys(), ...people.keys()]);
  return [...users].sort().flatMap((user) => {
    // An ended grant was sight until now, as far as the laptop was told.
    const had = sees(before, user) || before.team.has(user);
    const has = sees(after, user);
    if (isNew && user === by && !has) return [{ user, type: 'revoked' as const }];
    // Who reads more or less of it from now on has the case given anew.
    if (had === has && !(has && readsAnew(change, user))) return [];
    return [{ user, type: has ? ('granted' as const) : ('revoked' as const) }];
  });
}

/** Whether somebody who saw the case and goes on seeing it sees more or less of it. */
function readsAnew({ before, after, people }: AccessChange, user: UserId): boolean {
  const was = readingIn(before, people.get(user), before.team.get(user));
  const is = readingIn(after, people.get(user), after.team.get(user));
  return was !== undefined && is !== undefined && !isSameReading(was, is);
}

function readingIn(
  { openToIntake }: AccessSide,
  person: Person | undefined,
  grant: Grant | undefined,
): Reading | undefined {
  const isIntake = person?.role === 'intake' && person.active;
  return isIntake && openToIntake ? everything : grant?.reading;
}

/** Writes the difference. Grants first, logs last: the order in which every transaction takes these locks. */
export async function putTeam(trx: Trx, place: CasePlace, change: AccessChange): Promise<void> {
  const at = new Date(change.nowMs);
  const { before, after } = change;
  const gone = [...before.team.keys()].filter((user) => !after.team.has(user));
  const given = [...after.team].filter(
    ([user, grant]) => !isSame(before.team.get(user), grant) || readsAnew(change, user),
  );
  if (gone.length > 0) {
    await trx
      .updateTable('grants')
      .set({ revoked_at: at })
      .where('tenant_id', '=', place.tenant)
      .where('case_id', '=', place.caseId)
      .where('user_id', '=', sql<UserId>`any(${gone}::uuid[])`)
      .execute();
  }
  for (const [user, grant] of given) {
    const until = grant.untilMs === null ? null : new Date(grant.untilMs);
    const { scope, compartments } = grant.reading;
    const sections = scope === null ? null : JSON.stringify(scope);
    // What was handed out to intake without a grant counts as handed out under epoch 1.
    const anew = readsAnew(change, user) ? 1 : 0;
    await sql`
      insert into grants (tenant_id, case_id, user_id, role, until, epoch, granted_at, sections, compartments)
      values (${place.tenant}, ${place.caseId}, ${user}, ${grant.role}, ${until}, ${1 + anew}, ${at},
        ${sections}::jsonb, ${[...compartments]}::text[])
      on conflict (tenant_id, case_id, user_id) do update set
        role = excluded.role, until = excluded.until, revoked_at = null,
        sections = excluded.sections, compartments = excluded.compartments,
        epoch = grants.epoch + case when grants.revoked_at is null then ${anew}::int else 1 end,
        granted_at = case when grants.revoked_at is null then grants.granted_at else excluded.granted_at end
    `.execute(trx);
  }
  await tell(trx, place, { events: sightChanges(change), at });
  const line = { atMs: change.nowMs, user: change.by, case: place.caseId };
  await writeAudit(
    trx,
    place.tenant,
    ...gone.map((about) => ({ ...line, type: 'access.revoked' as const, about })),
    ...given.map(([about]) => ({ ...line, type: 'access.granted' as const, about })),
  );
}

interface News {
  readonly events: ReturnType<typeof sightChanges>;
  readonly at: Date;
}

/**
 * Gives a case anew to somebody who has a grant: what of it they read has changed by something else than the team.
 * Call it before what else is told or written into the audit log.
 */
export async function giveAnew(
  trx: Trx,
  place: CasePlace,
  { user, nowMs }: { readonly user: UserId; readonly nowMs: number },
): Promise<void> {
  await sql`
    update grants set epoch = epoch + 1
    where tenant_id = ${place.tenant} and case_id = ${place.caseId} and user_id = ${user}`.execute(trx);
  await tell(trx, place, { events: [{ user, type: 'granted' }], at: new Date(nowMs) });
}

/** Adds to each person's own log, whose positions are given under the lock of its head. */
async function tell(trx: Trx, { tenant, caseId }: CasePlace, { events, at }: News): Promise<void> {
  if (events.length === 0) return;
  const users = events.map((event) => event.user);
  const types = events.map((event) => event.type);
  await sql`
    with told as (
      select * from unnest(${users}::uuid[], ${types}::text[]) with ordinality as t(user_id, type, ord)
    ), heads as (
      insert into user_log_heads (tenant_id, user_id, position)
      select ${tenant}::uuid, user_id, 1 from told order by ord
      on conflict (tenant_id, user_id) do update set position = user_log_heads.position + 1
      returning user_id, position
    )
    insert into user_log (tenant_id, case_id, at, user_id, position, type)
    select ${tenant}::uuid, ${caseId}::uuid, ${at}::timestamptz, user_id, heads.position, told.type
    from told join heads using (user_id)`.execute(trx);
}

function isSame(a: Grant | undefined, b: Grant): boolean {
  return (
    a !== undefined && a.role === b.role && a.untilMs === b.untilMs && isSameReading(a.reading, b.reading)
  );
}
