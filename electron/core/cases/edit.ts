/**
 * The one way an edit gets into the vault: checked, appended to this device's chain, applied to the record, its
 * case, tasks and search, and audited, in one transaction; told to the screens and the sync engine after it.
 */
import type { Handlers, RecordEdit } from '../../../shared/contract/procedures.ts';
import { schemaVersion } from '../../../shared/domain/kinds.ts';
import { splitSealed } from '../../../shared/domain/reading.ts';
import { mayWrite } from '../../../shared/domain/rights.ts';
import { TmaError } from '../../../shared/errors.ts';
import type { CaseId } from '../../../shared/ids.ts';
import { refusalOf } from '../../../shared/sync/rules.ts';
import type { AuditEntry } from '../audit/auditLog.ts';
import { usersOf } from '../directory/people.ts';
import type { Db, Workspace } from '../session/workspace.ts';
import { readAccess, readingOf } from '../storage/caseAccess.ts';
import { type CaseRow, findCase } from '../storage/caseRow.ts';
import { isExpired } from '../storage/leases.ts';
import { appendOwnChanges, type ChangeDraft, type Committed } from '../storage/ownChanges.ts';
import { loadRecords } from '../storage/recordStore.ts';
import { draftEdit } from './editRules.ts';
import { caseLine, recordItem } from './views.ts';

/** @throws TmaError `case.not-found`, `lease.over` */
export async function requireCase(db: Db, caseId: CaseId): Promise<CaseRow> {
  const row = await findCase(db, caseId);
  if (row === undefined) throw new TmaError((await isExpired(db, caseId)) ? 'lease.over' : 'case.not-found');
  return row;
}

/**
 * Appends changes and what the audit says about them. For use inside `vault.write`. What the service would refuse is
 * refused here already, by the same rules.
 * @throws TmaError with the code of the rule.
 */
export async function commitDrafts(
  tx: Db,
  workspace: Workspace,
  edit: { readonly caseId: CaseId; readonly drafts: readonly ChangeDraft[]; readonly audit: AuditEntry },
): Promise<Committed> {
  const drafts = edit.drafts.flatMap(apartFromSealed);
  await assertAllowed(tx, workspace, { caseId: edit.caseId, drafts });
  const committed = await appendOwnChanges(tx, workspace.author, { caseId: edit.caseId, drafts });
  await workspace.audit(tx, edit.audit);
  return committed;
}

/** What is sealed is written as a change of its own, or the whole edit would be withheld from the rest of the team. */
function apartFromSealed(draft: ChangeDraft): readonly ChangeDraft[] {
  return splitSealed(draft.kind, draft.fields).map((fields, index) => {
    return index === 0 ? { ...draft, fields } : { ...draft, op: 'update', fields };
  });
}

async function assertAllowed(
  tx: Db,
  workspace: Workspace,
  { caseId, drafts }: { readonly caseId: CaseId; readonly drafts: readonly ChangeDraft[] },
): Promise<void> {
  const records = await loadRecords(tx, caseId, new Set(drafts.map(({ record }) => record)));
  const row = await findCase(tx, caseId);
  const access = readAccess(row?.access ?? null);
  const reading = readingOf(access);
  for (const { fields, ...head } of drafts) {
    if (!mayWrite(access.standing, { head, fields }, reading)) throw new TmaError('access.denied');
    const state = records.get(head.record)?.state;
    const statuses = new Map(state?.registers.status?.map(({ change, value }) => [change, value]));
    const code = refusalOf(
      { head: { ...head, schema: schemaVersion }, fields },
      { caseId, author: workspace.owner.userId, state, statusWrittenBy: (id) => statuses.get(id) },
    );
    if (code !== undefined) throw new TmaError(code);
  }
}

export function editHandlers(workspace: Workspace): Pick<Handlers, 'cases.edit'> {
  return {
    async 'cases.edit'({ caseId, edits }) {
      const answer = await workspace.vault.write(async (tx) => {
        await requireCase(tx, caseId);
        const drafts = await draftEdits(tx, caseId, edits);
        const audit = { action: 'case.edited', caseId, detail: { changes: drafts.length } } as const;
        const { row, records, changes } = await commitDrafts(tx, workspace, { caseId, drafts, audit });
        const present = records.filter(({ derived }) => !derived.view.removed);
        const userOf = await usersOf(
          tx,
          workspace,
          present.map(({ record }) => record.createdDevice),
        );
        return {
          line: caseLine(row),
          records: present.map(({ record, derived }) =>
            recordItem({ caseId, record, view: derived.view }, userOf),
          ),
          changes: [...changes],
        };
      });
      workspace.edited(caseId);
      return answer;
    },
  };
}

async function draftEdits(
  tx: Db,
  caseId: CaseId,
  edits: readonly RecordEdit[],
): Promise<readonly ChangeDraft[]> {
  const ids = new Set(edits.map(({ record }) => record));
  // Two edits of one record in one call could not have seen each other.
  if (ids.size < edits.length) throw new TmaError('input.invalid');
  const records = await loadRecords(tx, caseId, ids);
  return edits.map((edit) => draftEdit(caseId, edit, records.get(edit.record)));
}
