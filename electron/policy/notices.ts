/**
 * E13: what a person away from the window is told by the system, where anybody beside them can read it: that there
 * is something, never what, from whom or about whom. There is one text, without a place for a value in it.
 */
export interface NoticeConditions {
  /** The person is looking at the window already. */
  readonly focused: boolean;
  /** Milliseconds of a clock that only goes forward. */
  readonly nowMs: number;
  /** When the last one was shown; null before the first. */
  readonly lastAtMs: number | null;
}

const quietMs = 10 * 60_000;

/** Whether to show the notice: not beside the open window, and not again and again while colleagues write. */
export function noticeShown({ focused, nowMs, lastAtMs }: NoticeConditions): boolean {
  return !focused && (lastAtMs === null || nowMs - lastAtMs >= quietMs);
}
