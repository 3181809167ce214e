/**
 * Everything that is to be stored of cases that are new here, computed from the beginnings of their logs. Pure, and
 * nothing of the vault is needed for it: a first sync has it done on another thread (`sync/readerThread.ts`).
 */
import type { CaseId, RecordId } from '../../../shared/ids.ts';
import { observe, type Stamp, zeroStamp } from '../../../shared/sync/clock.ts';
import { accessColumns } from './caseAccess.ts';
import { deriveRow } from './derive.ts';
import { caseColumns, type ShownRecord } from './deriveCase.ts';
import type { VerifiedPage } from './logPort.ts';
import { counts, entriesOf, type PageEntry } from './pageEntries.ts';
import { logRow, type Row, recordRow, segmentRows, taskRow } from './rows.ts';
import { foldRecord, type StoredRecord } from './storedRecord.ts';

export interface NewCases {
  readonly ids: readonly CaseId[];
  /** How many lines of their logs. */
  readonly entries: number;
  /** The latest of their clocks. */
  readonly clock: Stamp;
  readonly rows: {
    readonly cases: readonly Row[];
    readonly log: readonly Row[];
    readonly segments: readonly Row[];
    readonly records: readonly Row[];
    readonly tasks: readonly Row[];
  };
}

type Rows = { readonly [Table in keyof NewCases['rows']]: Row[] };

/** Each page the first of its case, none of it written by this device. */
export function prepareNewCases(pages: readonly VerifiedPage[]): NewCases {
  const rows: Rows = { cases: [], log: [], segments: [], records: [], tasks: [] };
  let clock = zeroStamp;
  // In the order of the tables: what lies side by side in the file is written at once.
  const sorted = pages.toSorted((a, b) => (a.page.case < b.page.case ? -1 : 1));
  for (const verified of sorted) {
    const entries = entriesOf(verified);
    for (const { effective } of entries) clock = observe(clock, effective);
    addCase(rows, verified, entries);
  }
  return { ids: sorted.map(({ page }) => page.case), entries: rows.log.length, clock, rows };
}

function addCase(rows: Rows, { page, cursor }: VerifiedPage, entries: readonly PageEntry[]): void {
  const { case: id, number, head } = page;
  for (const one of entries) rows.log.push(logRow(id, one));
  rows.segments.push(...segmentRows(page));
  const shown: (ShownRecord & { readonly createdMs: number })[] = [];
  let conflicts = 0;
  let updatedMs = 0;
  for (const record of recordsOf(entries)) {
    const derived = deriveRow(record);
    rows.records.push(recordRow(id, record, derived));
    if (derived.task !== null) rows.tasks.push(taskRow(id, record.id, derived.task));
    shown.push({ id: record.id, kind: record.state.kind, view: derived.view, createdMs: record.createdMs });
    conflicts += derived.contested;
    updatedMs = Math.max(updatedMs, record.updatedMs);
  }
  shown.sort((a, b) => a.createdMs - b.createdMs);
  const columns = caseColumns({ id, number }, shown);
  const { access, access_ends_ms } = accessColumns(page.access);
  rows.cases.push([
    ...[id, number, cursor.position, cursor.running, JSON.stringify(head), conflicts, updatedMs],
    ...[columns.title, columns.site, columns.status, columns.level, columns.imminent, columns.lead],
    ...[columns.opened_at, columns.received_at, columns.emergency, columns.channel, columns.reassess_by],
    ...[columns.due_ms, columns.filter_text, access, access_ends_ms],
  ]);
}

function recordsOf(entries: readonly PageEntry[]): Iterable<StoredRecord> {
  const records = new Map<RecordId, StoredRecord>();
  for (const one of entries) {
    const { record } = one.head;
    if (counts(one)) records.set(record, foldRecord(records.get(record), one));
  }
  return records.values();
}
