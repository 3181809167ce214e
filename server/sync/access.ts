/**
 * Who may see and write a case, worked out from the case's own log: the team is what its `member` records and
 * its `lead` say. Pure; `grants.ts` writes the result down.
 *
 * Until a file is handed over to a team, its creator leads it and intake works on it as a lead would. From
 * then on the lead and the team are the only ones. A case never loses its last lead: where an edit would leave
 * none, those who led it so far go on leading it.
 */
import type { CaseRole, OrgRole } from '../../shared/domain/people.ts';
import { caseRoleSchema } from '../../shared/domain/people.ts';
import { everything, type Reading } from '../../shared/domain/reading.ts';
import { type EditShape, isHandedOver, type Standing, touchesTeam } from '../../shared/domain/rights.ts';
import {
  compartments,
  narrower,
  readCompartments,
  readScope,
  type Scope,
} from '../../shared/domain/sections.ts';
import { type CaseId, caseRecordId, type RecordId, type UserId, userIdSchema } from '../../shared/ids.ts';
import type { Json } from '../../shared/json.ts';
import { removedField } from '../../shared/sync/change.ts';
import type { RecordState } from '../../shared/sync/merge.ts';
import { viewRecord } from '../../shared/sync/view.ts';

export interface Grant {
  readonly role: CaseRole;
  /** Milliseconds since the Unix epoch; `null` is open-ended. */
  readonly untilMs: number | null;
  /** What of the case it opens. */
  readonly reading: Reading;
}

export const leading: Grant = { role: 'lead', untilMs: null, reading: everything };

export type Team = ReadonlyMap<UserId, Grant>;

export interface Person {
  readonly role: OrgRole;
  readonly active: boolean;
}

/** What the case's records say about access. */
export interface AccessFacts {
  readonly status: string;
  /** Everyone named as lead; several while that is contested. */
  readonly leads: readonly UserId[];
  readonly members: readonly (Grant & { readonly user: UserId })[];
}

export type Records = ReadonlyMap<RecordId, RecordState>;

export function readAccess(records: Records, caseId: CaseId): AccessFacts {
  const file = records.get(caseRecordId(caseId));
  const status = file === undefined ? undefined : viewRecord(file).values.status;
  const leadHeads = (file?.kind === 'case' ? file.registers.lead : undefined) ?? [];
  return {
    status: typeof status === 'string' ? status : 'received',
    leads: leadHeads.flatMap((head) => userOf(head.value)),
    members: [...records.values()].filter((state) => state.kind === 'member').flatMap(memberOf),
  };
}

function memberOf(state: RecordState): AccessFacts['members'] {
  const { values, removed, contested } = viewRecord(state);
  // A removal that is contested counts as one: meanwhile the smaller permission holds.
  if (removed || contested.includes(removedField)) return [];
  const role = caseRoleSchema.safeParse(values.role);
  if (!role.success) return [];
  // Whoever leads the case says who reads what, and reads it all.
  const reading = role.data === 'lead' ? everything : readingOf(state);
  const untilMs = earliest(state);
  return userOf(values.user).map((user) => ({ user, role: role.data, untilMs, reading }));
}

/** While several values stand for a field the smaller permission holds. */
function readingOf(state: RecordState): Reading {
  const scopes = standing(state, 'sections').map(readScope);
  const named = standing(state, 'compartments').map(readCompartments);
  return {
    scope: scopes.reduce<Scope | null>(narrower, null),
    compartments:
      named.length === 0 ? [] : compartments.filter((one) => named.every((list) => list.includes(one))),
  };
}

function earliest(state: RecordState): number | null {
  const ends = standing(state, 'until').flatMap((until) =>
    typeof until === 'string' ? [Date.parse(until)] : [],
  );
  return ends.length === 0 ? null : Math.min(...ends);
}

function standing({ registers }: RecordState, field: string): readonly Json[] {
  return (registers[field] ?? []).map((head) => head.value);
}

function userOf(value: unknown): readonly UserId[] {
  const user = userIdSchema.safeParse(value);
  return user.success ? [user.data] : [];
}

export interface TeamContext {
  readonly creator: UserId;
  readonly people: ReadonlyMap<UserId, Person>;
  /** The team as it was. */
  readonly before: Team;
  readonly nowMs: number;
}

/** The team that the records call for, each person with the strongest role given to them and what that one reads. */
export function teamOf(facts: AccessFacts, context: TeamContext): Team {
  const team = new Map<UserId, Grant>();
  const add = (user: UserId, grant: Grant) => {
    if (!mayJoin(context.people.get(user)) || !isLive(grant, context.nowMs)) return;
    const known = team.get(user);
    if (known === undefined || isStronger(grant, known)) team.set(user, grant);
  };
  const lead = leading;
  for (const { user, ...grant } of facts.members) add(user, grant);
  for (const user of facts.leads) add(user, lead);
  if (!isHandedOver(facts.status)) add(context.creator, lead);
  if (!hasLead(team)) {
    for (const [user, grant] of context.before) if (grant.role === 'lead') add(user, lead);
  }
  if (!hasLead(team)) add(context.creator, lead);
  return team;
}

/** Administrators and data protection officers see no case, whoever invites them. */
export function mayJoin(person: Person | undefined): boolean {
  return person?.active === true && person.role !== 'administrator' && person.role !== 'dpo';
}

export function isLive(grant: Grant, nowMs: number): boolean {
  return grant.untilMs === null || grant.untilMs > nowMs;
}

/** What somebody reads of a case they see; intake, until the handover, all of it. */
export function readingFor(grant: Grant | undefined, role: OrgRole, status: string): Reading {
  if (role === 'intake' && !isHandedOver(status)) return everything;
  return grant?.reading ?? { scope: {}, compartments: [] };
}

export function standingOf(grant: Grant | undefined, role: OrgRole, status: string): Standing {
  if (grant?.role === 'lead') return 'lead';
  if (role === 'intake' && !isHandedOver(status)) return 'intake';
  return grant?.role;
}

const caseRoleStrength: Readonly<Record<CaseRole, number>> = {
  member: 0,
  reviewer: 1,
  specialist: 2,
  lead: 3,
};

function isStronger(a: Grant, b: Grant): boolean {
  const byRole = caseRoleStrength[a.role] - caseRoleStrength[b.role];
  return byRole > 0 || (byRole === 0 && (a.untilMs ?? Infinity) > (b.untilMs ?? Infinity));
}

function hasLead(team: Team): boolean {
  return [...team.values()].some((grant) => grant.role === 'lead');
}

/** Whether access has to be worked out anew after an edit. */
export function touchesAccess({ head, fields }: EditShape): boolean {
  return touchesTeam({ head, fields }) || (head.kind === 'case' && Object.hasOwn(fields, 'status'));
}
