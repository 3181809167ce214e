/**
 * Reading a case is audited once an hour and case, not each time a screen fetches it anew: a write would be
 * paid for every look, and a thousand entries say no more than one.
 */
import type { CaseId } from '../../../shared/ids.ts';
import type { Workspace } from '../session/workspace.ts';

const againAfterMs = 3_600_000;

/** Call before content is handed out: what cannot be audited is not shown. */
export type AuditRead = (caseId: CaseId) => Promise<void>;

export function readAuditor(workspace: Workspace): AuditRead {
  const auditedAtMs = new Map<CaseId, number>();
  return async (caseId) => {
    const nowMs = workspace.nowMs();
    const lastMs = auditedAtMs.get(caseId);
    if (lastMs !== undefined && nowMs - lastMs < againAfterMs) return;
    await workspace.vault.write((tx) => workspace.audit(tx, { action: 'case.read', caseId }));
    auditedAtMs.set(caseId, nowMs);
  };
}
