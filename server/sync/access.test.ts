import { describe, expect, it } from 'vitest';
import type { OrgRole } from '../../shared/domain/people.ts';
import { everything } from '../../shared/domain/reading.ts';
import { mayWrite } from '../../shared/domain/rights.ts';
import type { UserId } from '../../shared/ids.ts';
import { type AccessFacts, type Grant, type Person, standingOf, teamOf } from './access.ts';

const id = (n: number) => `01900000-0000-7000-8000-${String(n).padStart(12, '0')}` as unknown as UserId;
const [ada, max, eve, admin, dpo, gone] = [1, 2, 3, 4, 5, 6].map(id) as [
  UserId,
  UserId,
  UserId,
  UserId,
  UserId,
  UserId,
];
const person = (role: OrgRole, active = true): Person => ({ role, active });
const people = new Map<UserId, Person>([
  [ada, person('specialist')],
  [max, person('member')],
  [eve, person('intake')],
  [admin, person('administrator')],
  [dpo, person('dpo')],
  [gone, person('specialist', false)],
]);
const nowMs = 1_000;
const lead: Grant = { role: 'lead', untilMs: null, reading: everything };

function team(facts: Partial<AccessFacts>, before: readonly (readonly [UserId, Grant])[] = []) {
  const full = { status: 'gathering', leads: [], members: [], ...facts };
  const found = teamOf(full, { creator: eve, people, before: new Map(before), nowMs });
  return Object.fromEntries([...found].map(([user, grant]) => [user, grant.role]));
}

describe('the team of a case', () => {
  it('is led by whoever took the report, until it is handed over', () => {
    expect(team({ status: 'received' })).toEqual({ [eve]: 'lead' });
    expect(team({ status: 'triage', leads: [ada] })).toEqual({ [ada]: 'lead', [eve]: 'lead' });
    expect(team({ leads: [ada] }, [[eve, lead]])).toEqual({ [ada]: 'lead' });
  });

  it('has the members that the case names, each with the strongest role, until their end date', () => {
    const member = (user: UserId, role: Grant['role'], untilMs: number | null = null) => ({
      user,
      role,
      untilMs,
      reading: everything,
    });
    const members = [member(max, 'member'), member(max, 'specialist'), member(eve, 'reviewer', nowMs)];
    expect(team({ leads: [ada], members })).toEqual({ [ada]: 'lead', [max]: 'specialist' });
  });

  it('has both leads while two people named different ones apart', () => {
    expect(team({ leads: [ada, max] })).toEqual({ [ada]: 'lead', [max]: 'lead' });
  });

  it('has no administrator, no data protection officer, nobody whose account is closed, and no stranger', () => {
    const members = [admin, dpo, gone, id(99)].map((user) => ({
      user,
      role: 'member' as const,
      untilMs: null,
      reading: everything,
    }));
    expect(team({ leads: [ada, admin], members })).toEqual({ [ada]: 'lead' });
  });

  it('never loses its last lead', () => {
    expect(team({ leads: [] }, [[ada, lead]])).toEqual({ [ada]: 'lead' });
    expect(team({ leads: [gone] }, [[ada, lead]])).toEqual({ [ada]: 'lead' });
    expect(team({ leads: [] }, [[gone, lead]])).toEqual({ [eve]: 'lead' });
  });
});

describe('who may write what', () => {
  const edit = (kind: string, ...fields: string[]) => ({
    head: { kind },
    fields: Object.fromEntries(fields.map((field) => [field, { value: null, saw: [] }])),
  });

  it('lets only the lead, and intake before the handover, say who is on the team', () => {
    for (const change of [edit('member', 'role'), edit('case', 'lead')]) {
      const may = (['lead', 'intake', 'specialist', 'member', 'reviewer', undefined] as const).map(
        (standing) => mayWrite(standing, change),
      );
      expect(may).toEqual([true, true, false, false, false, false]);
    }
  });

  it('lets specialists do the work, members contribute, reviewers remark, and nobody else anything', () => {
    const kinds = ['case', 'assessment', 'observation', 'note'];
    const may = (standing: Parameters<typeof mayWrite>[0]) =>
      kinds.filter((kind) => mayWrite(standing, edit(kind, 'x')));
    expect(may('specialist')).toEqual(kinds);
    expect(may('member')).toEqual(['observation', 'note']);
    expect(may('reviewer')).toEqual(['note']);
    expect(may(undefined)).toEqual([]);
  });

  it('gives intake its standing by the status alone, and none after the handover', () => {
    const statuses = ['received', 'triage', 'rejected', 'referred', 'gathering', 'closed'];
    expect(statuses.map((status) => standingOf(undefined, 'intake', status))).toEqual([
      ...Array(4).fill('intake'),
      undefined,
      undefined,
    ]);
    expect(standingOf(undefined, 'specialist', 'received')).toBeUndefined();
    expect(standingOf({ ...lead, role: 'member' }, 'intake', 'gathering')).toBe('member');
  });
});
