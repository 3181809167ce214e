/**
 * Tells the case process that somebody is there. Only what a person does with the hands counts: events a script
 * could make up are not trusted by the browser, and calls that screens make by themselves keep nothing open.
 */
import { client } from './client.ts';

const signs = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;
/** At most one message in this time; the last touch is always told. */
const pauseMs = 1_000;

interface ActivityDeps {
  readonly target: Pick<EventTarget, 'addEventListener' | 'removeEventListener'>;
  readonly report: () => void;
  readonly after: (delayMs: number, run: () => void) => () => void;
}

/** Begins to listen; the returned function ends it. */
export function watchActivity({ target, report, after }: ActivityDeps): () => void {
  let cancel: (() => void) | null = null;
  let again = false;
  const rest = (): void => {
    cancel = null;
    if (again) tell();
  };
  const tell = (): void => {
    again = false;
    report();
    cancel = after(pauseMs, rest);
  };
  const touched = (event: Event): void => {
    if (!event.isTrusted) return;
    if (cancel === null) tell();
    else again = true;
  };
  for (const sign of signs) target.addEventListener(sign, touched, { capture: true, passive: true });
  return () => {
    cancel?.();
    for (const sign of signs) target.removeEventListener(sign, touched, { capture: true });
  };
}

/** {@link watchActivity} in this window. */
export function reportActivity(): () => void {
  return watchActivity({
    target: window,
    report: () => {
      client.call('session.activity', {}).catch(() => {
        // A case process that is just starting is locked anyway.
      });
    },
    after(delayMs, run) {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    },
  });
}
