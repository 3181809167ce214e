/**
 * A renderer's calls over a line that may break. The case process ends at every lock and may crash; its host
 * hands a new line over each time. Whoever holds the renderer's end keeps one `CallLine`, so that no call is
 * ever left without an answer: calls under way when the line breaks get `host.core-stopped`, calls made while
 * there is none wait a while for the next.
 */
import type { ErrorShape } from '../errors.ts';
import type { AnswerMessage, CallMessage } from './messages.ts';

export interface CallLine {
  /** Sends the call, or keeps it for the next line. */
  submit(call: CallMessage): void;
  /** Takes what came back over the line. */
  receive(answer: AnswerMessage): void;
  /** Uses a new line from now on. */
  attach(send: (call: CallMessage) => void): void;
  /** The other end is about to go: it still answers what it has, and gets nothing new. */
  hold(): void;
  /** The line is gone. With `error`, no other is expected soon: calls get it instead of waiting. */
  detach(error?: ErrorShape): void;
}

export interface CallLineDeps {
  readonly deliver: (answer: AnswerMessage) => void;
  /** Runs something later; the returned function takes it back. */
  readonly after: (delayMs: number, run: () => void) => () => void;
  readonly waitMs?: number;
}

/** Answers carry this id when a message had none that could be read; clients count their calls from 1. */
export const unreadableId = 0;

/** A process that is not back after this long is in a crash loop; the person is told instead of kept waiting. */
const defaultWaitMs = 15_000;
const maxWaiting = 256;

export function createCallLine(deps: CallLineDeps): CallLine {
  const underWay = new Set<number>();
  const waiting = new Map<CallMessage, () => void>();
  let send: ((call: CallMessage) => void) | null = null;
  let refusal: ErrorShape | null = null;

  const stopped = (id: number): void =>
    deps.deliver({ type: 'error', id, error: refusal ?? { code: 'host.core-stopped' } });
  const give = (call: CallMessage, to: (call: CallMessage) => void): void => {
    underWay.add(call.id);
    to(call);
  };
  const keep = (call: CallMessage): void => {
    if (refusal !== null || waiting.size >= maxWaiting) {
      stopped(call.id);
      return;
    }
    const giveUp = (): void => {
      waiting.delete(call);
      stopped(call.id);
    };
    waiting.set(call, deps.after(deps.waitMs ?? defaultWaitMs, giveUp));
  };

  return {
    submit: (call) => (send === null ? keep(call) : give(call, send)),
    receive(answer) {
      // An answer from a line that is gone was already given as `host.core-stopped`.
      if (answer.type === 'event' || underWay.delete(answer.id)) deps.deliver(answer);
    },
    attach(next) {
      send = next;
      refusal = null;
      for (const [call, cancel] of waiting) {
        cancel();
        give(call, next);
      }
      waiting.clear();
    },
    hold() {
      send = null;
    },
    detach(error) {
      send = null;
      refusal = error ?? null;
      const lost = [...underWay];
      underWay.clear();
      if (refusal !== null) {
        for (const [call, cancel] of waiting) {
          cancel();
          lost.push(call.id);
        }
        waiting.clear();
      }
      for (const id of lost) stopped(id);
    },
  };
}
