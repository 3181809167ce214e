import { useSyncExternalStore } from 'react';

const tickMs = 30_000;
const listeners = new Set<() => void>();
let nowMs = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

/** One clock for the whole window: it ticks only while something on the screen shows a time. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    nowMs = Date.now();
    for (const each of listeners) each();
  }, tickMs);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The present, in milliseconds since the epoch, renewed every half minute. */
export function useNowMs(): number {
  return useSyncExternalStore(subscribe, current);
}

function current(): number {
  if (Date.now() - nowMs > tickMs) nowMs = Date.now();
  return nowMs;
}
