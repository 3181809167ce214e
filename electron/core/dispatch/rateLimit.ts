/** E09: a token bucket per renderer, so that a page gone wild cannot keep the case process from its work. */
export interface RateLimit {
  /** Calls that may come at once. */
  readonly burst: number;
  readonly perSecond: number;
}

/** Far above what a person at a keyboard causes, far below what would make the core wait. */
export const defaultRateLimit: RateLimit = { burst: 400, perSecond: 200 };

/** A function that says whether one more call may pass now. */
export function tokenBucket(limit: RateLimit, nowMs: () => number): () => boolean {
  let tokens = limit.burst;
  let filledAtMs = nowMs();
  return () => {
    const now = nowMs();
    tokens = Math.min(limit.burst, tokens + (Math.max(0, now - filledAtMs) / 1_000) * limit.perSecond);
    filledAtMs = now;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}
