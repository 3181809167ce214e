import { UNSTABLE_ToastQueue as ToastQueue } from 'react-aria-components';

export interface ToastContent {
  /** What happened: "Measure removed". */
  readonly text: string;
  readonly tone: 'done' | 'info' | 'danger';
  /** A way back; the toast then stays longer. */
  readonly undo?: () => void;
}

const shownMs = 6_000;
const shownWithUndoMs = 12_000;

/** The toasts of the window; {@link ToastRegion} shows them. */
export const toastQueue = new ToastQueue<ToastContent>({ maxVisibleToasts: 3 });

/** Says that something happened. A failure that needs an answer belongs in a Note beside its cause. */
export function toast(text: string, options: { tone?: ToastContent['tone']; undo?: () => void } = {}): void {
  const { tone = 'done', undo } = options;
  closeConfirmations();
  toastQueue.add({ text, tone, ...(undo && { undo }) }, toastTimeout(tone, undo !== undefined));
}

/** One confirmation at a time: the newest says what just happened. A way back and a failure keep their time. */
function closeConfirmations(): void {
  for (const { key, content } of toastQueue.visibleToasts) {
    if (content.undo === undefined && content.tone !== 'danger') toastQueue.close(key);
  }
}

/** What went wrong stays until it is closed. */
function toastTimeout(tone: ToastContent['tone'], hasUndo: boolean): { timeout?: number } {
  if (tone === 'danger') return {};
  return { timeout: hasUndo ? shownWithUndoMs : shownMs };
}

/** Takes all toasts away, for the lock: a toast may name a case. */
export function clearToasts(): void {
  toastQueue.clear();
}
