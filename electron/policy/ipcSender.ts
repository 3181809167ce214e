/**
 * E09: whose messages the shell listens to and who is handed the data port: the main frame of our own page.
 * A frame that is gone reports no URL; an embedded frame has a parent.
 */
import { isAppUrl } from './origin.ts';

export interface SenderFrame {
  readonly url: string;
  /** Null for a main frame. */
  readonly parent: unknown;
}

/** Whether `frame` is the trusted main frame. */
export function trustedSender(frame: SenderFrame | null | undefined): boolean {
  return frame !== null && frame !== undefined && frame.parent === null && isAppUrl(frame.url);
}
