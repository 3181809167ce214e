/**
 * E14: what a host does with text that was copied. It goes to the clipboard as plain text, and off it again after
 * thirty seconds or at the lock, whichever comes first, unless something else has been copied meanwhile. What is
 * remembered to tell is a hash under a key of this run, so that the host keeps no case data.
 */
import { createHmac, randomBytes } from 'node:crypto';

/** The system's clipboard, text only. */
export interface TextClipboard {
  readText(): Promise<string>;
  writeText(text: string): Promise<void>;
  clear(): void;
}

export interface ClipboardKeeperDeps {
  readonly clipboard: TextClipboard;
  readonly after: (delayMs: number, run: () => void) => () => void;
}

export interface ClipboardKeeper {
  copy(text: string): void;
  /** Takes what was copied off the clipboard, if it is still there: at the lock, and before the end. */
  clear(): Promise<void>;
}

export const clipboardLifeMs = 30_000;

export function createClipboardKeeper({ clipboard, after }: ClipboardKeeperDeps): ClipboardKeeper {
  const key = randomBytes(32);
  const mark = (text: string): string => createHmac('sha256', key).update(text).digest('base64');
  let written: string | null = null;
  let cancel: () => void = () => {};
  let turn: Promise<void> = Promise.resolve();

  const inTurn = (work: () => Promise<void>): Promise<void> => {
    // A clipboard that another program holds refuses; there is nobody to tell, and the next turn tries again.
    turn = turn.then(work).catch(() => {});
    return turn;
  };
  const clear = (): Promise<void> => {
    cancel();
    return inTurn(async () => {
      if (written === null) return;
      const isOurs = mark(await clipboard.readText()) === written;
      if (isOurs) clipboard.clear();
      written = null;
    });
  };
  return {
    copy(text) {
      cancel();
      void inTurn(async () => {
        await clipboard.writeText(text);
        // Some systems change line ends on the way, so what counts is what can be read back.
        written = mark(await clipboard.readText());
      });
      cancel = after(clipboardLifeMs, () => void clear());
    },
    clear,
  };
}
