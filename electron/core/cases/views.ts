/** Rows of the vault as the contract shows them. */
import type { CaseLine, RecordItem } from '../../../shared/contract/views.ts';
import { shownFields } from '../../../shared/domain/fields.ts';
import { kindSpec } from '../../../shared/domain/kinds.ts';
import type { CaseId } from '../../../shared/ids.ts';
import type { RecordView } from '../../../shared/sync/view.ts';
import type { UserOf } from '../directory/people.ts';
import type { CaseRow } from '../storage/caseRow.ts';
import type { StoredRecord } from '../storage/storedRecord.ts';

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}

export function caseLine(row: CaseRow): CaseLine {
  return {
    id: row.id,
    number: row.number,
    title: row.title,
    site: row.site,
    status: row.status,
    level: row.level,
    imminent: row.imminent === 1,
    lead: row.lead,
    openedAt: row.opened_at,
    receivedAt: row.received_at,
    emergency: row.emergency === 1,
    channel: row.channel,
    reassessBy: row.reassess_by,
    conflicts: row.conflicts,
    unsent: row.unsent,
    updatedAt: iso(row.updated_ms),
  };
}

interface Shown {
  readonly caseId: CaseId;
  readonly record: StoredRecord;
  readonly view: RecordView;
}

export function recordItem({ caseId, record, view }: Shown, userOf: UserOf): RecordItem {
  return {
    id: record.id,
    caseId,
    kind: record.state.kind,
    values: shownFields(kindSpec(record.state.kind), view.values),
    contested: [...view.contested],
    saw: Object.fromEntries(Object.entries(view.saw).map(([field, changes]) => [field, [...changes]])),
    createdAt: iso(record.createdMs),
    createdBy: userOf(record.createdDevice),
    updatedAt: iso(record.updatedMs),
  };
}
