/** The columns of a case in lists, from the case's record and its reports. Pure. */
import type { Selectable } from 'kysely';
import { day } from '../../../shared/domain/fields.ts';
import { concernLevelSchema } from '../../../shared/domain/levels.ts';
import {
  type CaseStatus,
  caseStatusSchema,
  endedStatuses,
  reportStatuses,
  triageWithinHours,
} from '../../../shared/domain/workflow.ts';
import { type CaseId, caseRecordId, type RecordId, type UserId } from '../../../shared/ids.ts';
import type { RecordView } from '../../../shared/sync/view.ts';
import { foldText } from '../search/fold.ts';
import { orNull, textOf } from './derive.ts';
import type { CasesTable } from './tables.ts';

type Values = RecordView['values'];

export type CaseColumns = Pick<
  Selectable<CasesTable>,
  | 'title'
  | 'site'
  | 'status'
  | 'level'
  | 'imminent'
  | 'lead'
  | 'opened_at'
  | 'received_at'
  | 'emergency'
  | 'channel'
  | 'reassess_by'
  | 'due_ms'
  | 'filter_text'
>;

/** `reports` oldest first: the first one says how the case came in. */
export function deriveCase(number: string | null, values: Values, reports: readonly Values[]): CaseColumns {
  const first = reports[0] ?? {};
  const status = caseStatusSchema.catch('received').parse(values.status);
  const title = textOf(values.title) || textOf(first.who);
  const site = orNull(values.site);
  const receivedAt = instantOrNull(first.receivedAt);
  const emergency = reports.some((report) => report.emergency === true);
  const reassessBy = day
    .nullable()
    .catch(null)
    .parse(values.reassessBy ?? null);
  return {
    title,
    site,
    status,
    level: concernLevelSchema
      .nullable()
      .catch(null)
      .parse(values.level ?? null),
    imminent: values.imminent === true ? 1 : 0,
    lead: orNull(values.lead) as UserId | null, // checked when it was edited
    opened_at: instantOrNull(values.openedAt),
    received_at: receivedAt,
    emergency: emergency ? 1 : 0,
    channel: orNull(first.channel),
    reassess_by: reassessBy,
    due_ms: dueMs({ status, receivedAt, emergency, reassessBy }),
    filter_text: foldText([number ?? '', title, site ?? ''].join(' ')),
  };
}

interface CaseName {
  readonly id: CaseId;
  readonly number: string | null;
}

export interface ShownRecord {
  readonly id: RecordId;
  readonly kind: string;
  readonly view: RecordView;
}

/** `records`: at least the case's own and its reports, the oldest first. */
export function caseColumns({ id: caseId, number }: CaseName, records: readonly ShownRecord[]): CaseColumns {
  const own = records.find(({ id }) => id === caseRecordId(caseId));
  const reports = records.filter(({ kind, view }) => kind === 'report' && !view.removed);
  return deriveCase(
    number,
    own?.view.values ?? {},
    reports.map(({ view }) => view.values),
  );
}

interface DueInput {
  readonly status: CaseStatus;
  readonly receivedAt: string | null;
  readonly emergency: boolean;
  readonly reassessBy: string | null;
}

/** When the next step is due: triage for a report, reassessment (by the end of its day, UTC) for a case. */
function dueMs({ status, receivedAt, emergency, reassessBy }: DueInput): number | null {
  if (isReport(status)) return receivedAt === null ? null : triageDueMs(receivedAt, emergency);
  if (isEnded(status) || reassessBy === null) return null;
  return Date.parse(`${reassessBy}T23:59:59.999Z`);
}

/** An emergency is due when it comes in. */
export function triageDueMs(receivedAt: string, emergency: boolean): number {
  return Date.parse(receivedAt) + (emergency ? 0 : triageWithinHours * 3_600_000);
}

export function isReport(status: CaseStatus): boolean {
  return reportStatuses.some((one) => one === status);
}

export function isEnded(status: CaseStatus): boolean {
  return endedStatuses.some((one) => one === status);
}

function instantOrNull(value: Values[string] | undefined): string | null {
  const text = textOf(value);
  return Number.isNaN(Date.parse(text)) ? null : new Date(text).toISOString();
}
