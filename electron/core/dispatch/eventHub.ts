/** Sends the core's events to every renderer, each checked against the contract first. */
import { type Emit, type EventName, type EventOf, events } from '../../../shared/contract/events.ts';
import type { AnswerMessage } from '../../../shared/contract/messages.ts';
import type { DataPort } from '../process/control.ts';

export interface EventHub {
  readonly emit: Emit;
  /** Tells one renderer only. */
  tell<N extends EventName>(port: DataPort, name: N, payload: EventOf<N>): void;
}

export interface EventHubDeps {
  readonly ports: Iterable<DataPort>;
  /** Told of an event the contract does not allow; it is not sent. */
  readonly onDefect: (thrown: unknown) => void;
}

export function createEventHub(deps: EventHubDeps): EventHub {
  const message = (name: EventName, payload: unknown): AnswerMessage | null => {
    const checked = events[name].safeParse(payload);
    if (checked.success) return { type: 'event', name, payload: checked.data };
    deps.onDefect(checked.error);
    return null;
  };
  return {
    emit(name, payload) {
      const event = message(name, payload);
      if (event !== null) for (const port of deps.ports) port.send(event);
    },
    tell(port, name, payload) {
      const event = message(name, payload);
      if (event !== null) port.send(event);
    },
  };
}
