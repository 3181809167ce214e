/** E13: tells a person who is elsewhere that something came in, and nothing about it. */
import type { BrowserWindow } from 'electron';
import { noticeShown } from '../policy/notices.ts';
import { WINDOW_TITLE } from '../policy/window.ts';
import type { ElectronApi } from './api.ts';

export interface NoticeDeps {
  readonly Notification: ElectronApi['Notification'];
  readonly window: BrowserWindow;
  readonly text: string;
  readonly nowMs: () => number;
}

/** A function to call whenever something came in. */
export function createNotices({ Notification, window, text, nowMs }: NoticeDeps): () => void {
  let lastAtMs: number | null = null;
  return () => {
    if (!Notification.isSupported()) return;
    if (!noticeShown({ focused: window.isFocused(), nowMs: nowMs(), lastAtMs })) return;
    lastAtMs = nowMs();
    const notice = new Notification({ title: WINDOW_TITLE, body: text, silent: true });
    notice.on('click', () => window.focus());
    notice.show();
  };
}
