/**
 * Replaces this page by a fresh one, so that nothing of a case stays in its memory after the lock. In Electron a page
 * may not navigate (E05), not even to itself: there the shell reloads it.
 * @returns whether a fresh page is on its way; the old one shows nothing until then.
 */
export function beginFreshPage(): boolean {
  if (window.tma !== undefined) return false;
  window.location.reload();
  return true;
}
