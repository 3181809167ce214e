/**
 * E10: what the page gets: one frozen function per procedure and `on`. Everything else, the port, the channel
 * to the main process, Electron's own events, stays in the preload script's isolated world.
 */
import type { Bridge, BridgeAnswer } from '../../shared/contract/bridge.ts';
import { type CallLine, createCallLine } from '../../shared/contract/callLine.ts';
import type { EventName } from '../../shared/contract/events.ts';
import type { AnswerMessage } from '../../shared/contract/messages.ts';
import type { ProcedureName } from '../../shared/contract/procedures.ts';

export interface BridgeDeps {
  readonly procedureNames: readonly ProcedureName[];
  readonly eventNames: readonly EventName[];
  readonly after: (delayMs: number, run: () => void) => () => void;
}

export interface BridgeParts {
  readonly bridge: Bridge;
  /** The line the calls go over; the preload script attaches each new port to it. */
  readonly line: CallLine;
}

export function createBridge(deps: BridgeDeps): BridgeParts {
  const waiting = new Map<number, (answer: BridgeAnswer) => void>();
  const listeners = new Map<string, Set<(payload: unknown) => void>>(
    deps.eventNames.map((name) => [name, new Set()]),
  );
  let lastId = 0;

  const settle = (id: number, answer: BridgeAnswer): void => {
    waiting.get(id)?.(answer);
    waiting.delete(id);
  };
  const deliver = (answer: AnswerMessage): void => {
    switch (answer.type) {
      case 'value':
        settle(answer.id, { ok: true, value: answer.value });
        break;
      case 'error':
        settle(answer.id, { ok: false, error: answer.error });
        break;
      case 'event':
        for (const listener of [...(listeners.get(answer.name) ?? [])]) listener(answer.payload);
    }
  };
  const line = createCallLine({ deliver, after: deps.after });
  const call = (procedure: ProcedureName, input: unknown): Promise<BridgeAnswer> => {
    const id = ++lastId;
    return new Promise((resolve) => {
      waiting.set(id, resolve);
      line.submit({ type: 'call', id, procedure, input });
    });
  };
  const functions = deps.procedureNames.map((name) => [
    name,
    Object.freeze((input: unknown) => call(name, input)),
  ]);

  const bridge: Bridge = Object.freeze({
    // The names are exactly the contract's; `fromEntries` cannot say so.
    call: Object.freeze(Object.fromEntries(functions)) as Bridge['call'],
    on: Object.freeze((event: EventName, listener: (payload: unknown) => void) => {
      const set = listeners.get(event);
      // Each registration is its own, also when the same function is registered twice.
      const own = (payload: unknown): void => listener(payload);
      set?.add(own);
      return () => void set?.delete(own);
    }),
  });
  return { bridge, line };
}
