/** The changes that taking and triaging a report consist of. Pure. */
import type { ParsedInputOf, ReportInput } from '../../../shared/contract/procedures.ts';
import { type KindName, kinds } from '../../../shared/domain/kinds.ts';
import type { CaseRole } from '../../../shared/domain/people.ts';
import { checkFieldEdit } from '../../../shared/domain/validate.ts';
import { statusAfterTriage } from '../../../shared/domain/workflow.ts';
import { type CaseId, caseRecordId, type RecordId, type UserId } from '../../../shared/ids.ts';
import type { Json } from '../../../shared/json.ts';
import type { ChangeFields } from '../../../shared/sync/change.ts';
import type { RecordView } from '../../../shared/sync/view.ts';
import type { ChangeDraft } from '../storage/ownChanges.ts';

type Values = Readonly<Record<string, Json | undefined>>;

/** The fields of a new record, checked like anything a person types; empty ones are left out. */
export function newFields(kind: KindName, values: Values): ChangeFields {
  return fieldsSeen(kind, values, {});
}

/** Edits of fields of a record as its author saw it. */
export function fieldsSeen(kind: KindName, values: Values, saw: RecordView['saw']): ChangeFields {
  const fields: Record<string, ChangeFields[string]> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue;
    fields[name] = { value: checkFieldEdit(kinds[kind], name, value), saw: [...(saw[name] ?? [])] };
  }
  return fields;
}

interface NewReport {
  readonly caseId: CaseId;
  readonly reportId: RecordId;
  readonly takenBy: UserId;
}

export function reportDrafts(input: ReportInput, made: NewReport): readonly ChangeDraft[] {
  const { behaviours, ...rest } = input;
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null));
  const report = { ...given, takenBy: made.takenBy, behaviours: { add: behaviours, remove: [] } };
  const record = caseRecordId(made.caseId);
  return [
    { record, kind: 'case', op: 'create', fields: newFields('case', { status: 'received' }) },
    { record: made.reportId, kind: 'report', op: 'create', fields: newFields('report', report) },
  ];
}

export type Triage = ParsedInputOf<'reports.triage'>;

/** The edit of the case's own record. */
export function triageDraft(triage: Triage, view: RecordView, nowIso: string): ChangeDraft {
  const opened = {
    title: triage.title,
    site: triage.site,
    lead: triage.lead,
    purpose: triage.purpose,
    legalBasis: triage.legalBasis,
    openedAt: nowIso,
  };
  const values = {
    status: statusAfterTriage[triage.outcome],
    triageOutcome: triage.outcome,
    triageReason: triage.reason,
    ...(triage.outcome === 'open' ? opened : {}),
  };
  const fields = fieldsSeen('case', values, view.saw);
  return { record: caseRecordId(triage.caseId), kind: 'case', op: 'update', fields };
}

export interface TeamMember {
  readonly user: UserId;
  readonly role: CaseRole;
}

/** Whom a case is opened for: its lead, and the team without naming the lead twice. */
export function teamOf({ lead, team = [] }: Pick<Triage, 'lead' | 'team'>): readonly TeamMember[] {
  const members = new Map<UserId, CaseRole>(team.map(({ user, role }) => [user, role]));
  if (lead !== undefined) members.set(lead, 'lead');
  return [...members].map(([user, role]) => ({ user, role }));
}

export interface KnownMember {
  readonly id: RecordId;
  readonly view: RecordView;
}

/** New members, and known ones whose role changes. */
export function memberDrafts(
  team: readonly TeamMember[],
  known: readonly KnownMember[],
  newRecordId: () => RecordId,
): readonly ChangeDraft[] {
  return team.flatMap(({ user, role }): ChangeDraft[] => {
    const member = known.find(({ view }) => view.values.user === user);
    if (member === undefined) {
      const fields = newFields('member', { user, role });
      return [{ record: newRecordId(), kind: 'member', op: 'create', fields }];
    }
    if (member.view.values.role === role) return [];
    const fields = fieldsSeen('member', { role }, member.view.saw);
    return [{ record: member.id, kind: 'member', op: 'update', fields }];
  });
}
