import type { Handlers } from '../../../shared/contract/procedures.ts';
import { mayBegin } from '../../../shared/domain/rights.ts';
import { caseStatusSchema, mayMove, statusAfterTriage } from '../../../shared/domain/workflow.ts';
import { TmaError } from '../../../shared/errors.ts';
import { type CaseId, caseRecordId, newId, type RecordId } from '../../../shared/ids.ts';
import { viewRecord } from '../../../shared/sync/view.ts';
import { commitDrafts, requireCase } from '../cases/edit.ts';
import { isBlank } from '../cases/editRules.ts';
import { caseLine, iso } from '../cases/views.ts';
import { ownRole } from '../directory/people.ts';
import type { Db, Workspace } from '../session/workspace.ts';
import { recordColumns, storedRecord } from '../storage/storedRecord.ts';
import { type KnownMember, memberDrafts, reportDrafts, type Triage, teamOf, triageDraft } from './drafts.ts';

export function intakeHandlers(workspace: Workspace): Pick<Handlers, 'reports.take' | 'reports.triage'> {
  const { vault, author, owner } = workspace;
  return {
    async 'reports.take'(input) {
      const caseId = newId<CaseId>(author.ids);
      const reportId = newId<RecordId>(author.ids);
      const drafts = reportDrafts(input, { caseId, reportId, takenBy: owner.userId });
      const audit = { action: 'report.taken', caseId } as const;
      await vault.write(async (tx) => {
        // The service would take none of it, and nobody would ever read it.
        if (!mayBegin(await ownRole(tx, workspace))) throw new TmaError('access.denied');
        await commitDrafts(tx, workspace, { caseId, drafts, audit });
      });
      workspace.edited(caseId);
      return { caseId };
    },
    async 'reports.triage'(triage) {
      if (isBlank(triage.reason)) throw new TmaError('triage.reason-missing');
      const { row } = await vault.write((tx) => commitTriage(tx, workspace, triage));
      workspace.edited(triage.caseId);
      return caseLine(row);
    },
  };
}

async function commitTriage(tx: Db, workspace: Workspace, triage: Triage) {
  const { caseId, outcome } = triage;
  const row = await requireCase(tx, caseId);
  const own = await membersAndCase(tx, caseId);
  const to = statusAfterTriage[outcome];
  const from = caseStatusSchema.safeParse(own.view.values.status ?? null);
  if (!from.success || !mayMove(from.data, to)) {
    throw new TmaError('case.transition-refused', { from: row.status, to });
  }
  const opened = outcome === 'open' ? memberDrafts(teamOf(triage), own.members, newRecord(workspace)) : [];
  const drafts = [triageDraft(triage, own.view, iso(workspace.nowMs())), ...opened];
  const audit = { action: 'report.triaged', caseId, detail: { outcome } } as const;
  return commitDrafts(tx, workspace, { caseId, drafts, audit });
}

function newRecord({ author }: Workspace): () => RecordId {
  return () => newId<RecordId>(author.ids);
}

async function membersAndCase(tx: Db, caseId: CaseId) {
  const rows = await tx
    .selectFrom('records')
    .select(recordColumns)
    .where('case_id', '=', caseId)
    .where('kind', 'in', ['case', 'member'])
    .execute();
  const records = rows.map((row): KnownMember & { readonly kind: string } => ({
    id: row.id,
    kind: row.kind,
    view: viewRecord(storedRecord(row).state),
  }));
  const own = records.find(({ id }) => id === caseRecordId(caseId));
  if (own === undefined) throw new TmaError('case.not-found');
  return { view: own.view, members: records.filter(({ kind, view }) => kind === 'member' && !view.removed) };
}
