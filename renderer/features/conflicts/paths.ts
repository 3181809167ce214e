import type { ConflictLine } from '../../../shared/contract/conflictViews.ts';

/** Where a conflict is looked at; also its key in lists. */
export function conflictPath({
  caseId,
  recordId,
  field,
}: Pick<ConflictLine, 'caseId' | 'recordId' | 'field'>): string {
  return `/conflicts/${caseId}/${recordId}/${encodeURIComponent(field)}`;
}
