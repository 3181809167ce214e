/** Beginning an assessment: the newest version of the instrument, continued from the last signed one. */
import type { ParsedInputOf } from '../../../shared/contract/procedures.ts';
import { TmaError } from '../../../shared/errors.ts';
import { newId, type RecordId } from '../../../shared/ids.ts';
import type { Instrument } from '../../../shared/instruments/schema.ts';
import type { Json } from '../../../shared/json.ts';
import { type RecordView, viewRecord } from '../../../shared/sync/view.ts';
import { commitDrafts, requireCase } from '../cases/edit.ts';
import { iso } from '../cases/views.ts';
import { newFields } from '../intake/drafts.ts';
import type { Db, Workspace } from '../session/workspace.ts';
import { loadCaseRecords } from '../storage/recordStore.ts';
import { continuedValues, ratingOf } from './rating.ts';

/** @throws TmaError `case.not-found`, `assessment.instrument-unknown` */
export async function startAssessment(
  tx: Db,
  workspace: Workspace,
  { caseId, instrument: instrumentId }: ParsedInputOf<'assessments.start'>,
): Promise<RecordId> {
  const instrument = workspace.instruments.latest(instrumentId);
  if (instrument === undefined) throw new TmaError('assessment.instrument-unknown');
  await requireCase(tx, caseId);
  const record = newId<RecordId>(workspace.author.ids);
  const values = {
    instrument: instrument.id,
    instrumentVersion: instrument.version,
    startedAt: iso(workspace.nowMs()),
    startedBy: workspace.owner.userId,
    ...continued(instrument, await presentRecords(tx, caseId)),
  };
  const fields = newFields('assessment', values);
  const drafts = [{ record, kind: 'assessment', op: 'create', fields } as const];
  const audit = { action: 'assessment.started', caseId, recordId: record } as const;
  await commitDrafts(tx, workspace, { caseId, drafts, audit });
  return record;
}

interface Present {
  readonly id: RecordId;
  readonly kind: string;
  readonly view: RecordView;
}

async function presentRecords(
  tx: Db,
  caseId: Parameters<typeof loadCaseRecords>[1],
): Promise<readonly Present[]> {
  const records = await loadCaseRecords(tx, caseId);
  return records
    .map(({ id, state }) => ({ id, kind: state.kind, view: viewRecord(state) }))
    .filter(({ view }) => !view.removed);
}

function continued(
  instrument: Instrument,
  records: readonly Present[],
): Readonly<Record<string, Json | undefined>> {
  const previous = lastSigned(instrument.id, records);
  if (previous === undefined) return {};
  const observations = records.filter(({ kind }) => kind === 'observation').map(({ id }) => id);
  const rating = ratingOf(previous.view.values);
  return { previous: previous.id, ...continuedValues(instrument, rating, new Set(observations)) };
}

function lastSigned(instrumentId: string, records: readonly Present[]): Present | undefined {
  return records
    .filter(({ kind, view }) => kind === 'assessment' && view.values.instrument === instrumentId)
    .filter(({ view }) => signedAt(view) !== '')
    .sort((a, b) => (signedAt(a.view) < signedAt(b.view) ? 1 : -1))[0];
}

/** Empty when it is not signed. */
function signedAt({ values }: RecordView): string {
  const signature = values.signature ?? null;
  const isObject = typeof signature === 'object' && signature !== null && 'at' in signature;
  return isObject && typeof signature.at === 'string' ? signature.at : '';
}
