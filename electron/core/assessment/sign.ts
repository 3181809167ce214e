/**
 * Signing an assessment: level, rationale and signature of the assessment and, with an instrument that decides
 * it, the level of the case, all in one group. The level is the person's; nothing here computes one.
 */
import type { ParsedInputOf } from '../../../shared/contract/procedures.ts';
import { reassessAfterDays } from '../../../shared/domain/levels.ts';
import { caseStatusSchema, mayMove } from '../../../shared/domain/workflow.ts';
import { TmaError } from '../../../shared/errors.ts';
import { type CaseId, caseRecordId, type RecordId } from '../../../shared/ids.ts';
import { gaps } from '../../../shared/instruments/gaps.ts';
import type { Instrument } from '../../../shared/instruments/schema.ts';
import { type RecordView, viewRecord } from '../../../shared/sync/view.ts';
import { commitDrafts, requireCase } from '../cases/edit.ts';
import { isBlank } from '../cases/editRules.ts';
import { iso } from '../cases/views.ts';
import { fieldsSeen } from '../intake/drafts.ts';
import type { Db, Workspace } from '../session/workspace.ts';
import type { ChangeDraft } from '../storage/ownChanges.ts';
import { loadRecord } from '../storage/recordStore.ts';
import { ratingOf } from './rating.ts';

type Signing = ParsedInputOf<'assessments.sign'>;

/**
 * @throws TmaError `case.not-found`, `record.not-found`, `assessment.signed`, `assessment.rationale-missing`,
 *   `assessment.instrument-unknown`, `assessment.incomplete` with `open`, the number of items in the way.
 */
export async function signAssessment(tx: Db, workspace: Workspace, signing: Signing): Promise<void> {
  const { caseId, assessmentId } = signing;
  await requireCase(tx, caseId);
  const assessment = await viewOf(tx, caseId, { id: assessmentId, kind: 'assessment' });
  if ((assessment.values.signature ?? null) !== null) throw new TmaError('assessment.signed');
  if (isBlank(signing.rationale)) throw new TmaError('assessment.rationale-missing');
  const instrument = instrumentOf(workspace, assessment);
  assertComplete(instrument, assessment);

  const nowMs = workspace.nowMs();
  const signed = assessmentDraft(signing, assessment, {
    by: workspace.owner.userId,
    at: iso(nowMs),
  });
  const caseView = await viewOf(tx, caseId, { id: caseRecordId(caseId), kind: 'case' });
  const today = workspace.calendar.dayOf(nowMs);
  const reassessBy = workspace.calendar.addDays(today, reassessAfterDays[signing.level]);
  const levelled = caseDraft(signing, caseView, { nowIso: iso(nowMs), reassessBy });
  const drafts = instrument.decidesLevel ? [signed, levelled] : [signed];
  const audit = { action: 'assessment.signed', caseId, recordId: assessmentId } as const;
  await commitDrafts(tx, workspace, { caseId, drafts, audit });
}

async function viewOf(
  tx: Db,
  caseId: CaseId,
  wanted: { readonly id: RecordId; readonly kind: string },
): Promise<RecordView> {
  const record = await loadRecord(tx, caseId, wanted.id);
  const view = record?.state.kind === wanted.kind ? viewRecord(record.state) : undefined;
  if (view === undefined || view.removed) throw new TmaError('record.not-found');
  return view;
}

/** The version it was begun with, whatever is newer. */
function instrumentOf({ instruments }: Workspace, { values }: RecordView): Instrument {
  const found = instruments.find(String(values.instrument), String(values.instrumentVersion));
  if (found === undefined) throw new TmaError('assessment.instrument-unknown');
  return found;
}

function assertComplete(instrument: Instrument, { values }: RecordView): void {
  const open = gaps(instrument, ratingOf(values)).filter(
    ({ reason, blocksSignature }) => reason === 'unanswered' || blocksSignature,
  );
  if (open.length > 0) throw new TmaError('assessment.incomplete', { open: open.length });
}

function assessmentDraft(
  { assessmentId, level, rationale }: Signing,
  view: RecordView,
  signature: { readonly by: string; readonly at: string },
): ChangeDraft {
  const fields = fieldsSeen('assessment', { level, rationale, signature }, view.saw);
  return { record: assessmentId, kind: 'assessment', op: 'update', fields };
}

function caseDraft(
  { caseId, level, rationale, imminent }: Signing,
  view: RecordView,
  at: { readonly nowIso: string; readonly reassessBy: string },
): ChangeDraft {
  const status = caseStatusSchema.safeParse(view.values.status ?? null);
  const moves = status.success && mayMove(status.data, 'assessed');
  const values = {
    level,
    levelRationale: rationale,
    levelSince: view.values.level === level ? undefined : at.nowIso,
    imminent,
    reassessBy: at.reassessBy,
    status: moves ? 'assessed' : undefined,
  };
  const fields = fieldsSeen('case', values, view.saw);
  return { record: caseRecordId(caseId), kind: 'case', op: 'update', fields };
}
