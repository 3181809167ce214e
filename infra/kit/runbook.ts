/** Where a person who is woken up finds what to do. A test follows every one of these links. */
export const runbookFile = 'docs/operations.md';

/** `runbook('sync-lag')` names the heading "Sync lag" in the runbook file. */
export function runbook(anchor: string): string {
  return `Runbook: ${runbookFile}#${anchor}`;
}
