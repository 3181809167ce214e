/**
 * E14: everything that is copied on a screen goes through the case process as plain text, so that the host takes
 * it off the clipboard again. Where the host has no hand on the clipboard (the preview host in somebody's browser)
 * the page puts it there itself, too, still as plain text alone, or copying would do nothing.
 */
import type { Client } from './client.ts';

export interface CopyingDeps {
  readonly client: Pick<Client, 'call'>;
  /** Whether the host has the system's clipboard in hand. */
  readonly hostHasClipboard: boolean;
}

/** Begins to take copying over; the returned function stops it. */
export function copyThroughHost(page: Document, { client, hostHasClipboard }: CopyingDeps): () => void {
  const take = (event: ClipboardEvent): void => {
    const text = selectedText(page, event.target);
    if (text === '') return;
    event.preventDefault();
    if (!hostHasClipboard) event.clipboardData?.setData('text/plain', text);
    // A refusal means that the vault is being locked, and then nothing may be copied any more.
    client.call('clipboard.copy', { text }).catch(() => {});
    if (event.type === 'cut') page.execCommand('delete');
  };
  page.addEventListener('copy', take);
  page.addEventListener('cut', take);
  return () => {
    page.removeEventListener('copy', take);
    page.removeEventListener('cut', take);
  };
}

/** What is selected, in a field or on the page. The browser raises no such event for a field of a password. */
function selectedText(page: Document, target: EventTarget | null): string {
  if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) {
    return target.value.slice(target.selectionStart ?? 0, target.selectionEnd ?? 0);
  }
  return page.getSelection()?.toString() ?? '';
}
