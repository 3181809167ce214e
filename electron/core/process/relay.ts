/**
 * Renderers' ports for a host that cannot hand a real port over: the preview host. Each renderer keeps its
 * line while case processes come and go; the relay looks at message types and ids, never at their content.
 */
import { type CallLine, createCallLine, unreadableId } from '../../../shared/contract/callLine.ts';
import { answerMessageSchema, callMessageSchema } from '../../../shared/contract/messages.ts';
import type { CoreChild } from './coreLife.ts';
import type { Supervisor } from './supervisor.ts';

export interface RelayedRenderer {
  /** Takes one message of the renderer. */
  receive(message: unknown): void;
  /** The renderer is gone. */
  close(): void;
}

export interface Relay {
  /** A renderer has connected; `send` reaches it. */
  connect(send: (message: unknown) => void): RelayedRenderer;
}

export function createRelay(
  supervisor: Supervisor,
  after: (delayMs: number, run: () => void) => () => void,
): Relay {
  const lines = new Map<number, CallLine>();
  let child: CoreChild | null = null;
  let lastPort = 0;

  const attach = (port: number, line: CallLine, to: CoreChild): void => {
    to.send({ type: 'port-open', port });
    line.attach((call) => to.send({ type: 'port-message', port, data: call }));
  };
  supervisor.listen({
    coreReady(ready) {
      child = ready;
      for (const [port, line] of lines) attach(port, line, ready);
    },
    coreEnding() {
      child = null;
      for (const line of lines.values()) line.hold();
    },
    coreGone(failed) {
      child = null;
      for (const line of lines.values()) line.detach(failed ?? undefined);
    },
    portMessage(port, data) {
      const answer = answerMessageSchema.safeParse(data);
      if (answer.success) lines.get(port)?.receive(answer.data);
    },
  });

  return {
    connect(send) {
      const port = ++lastPort;
      const line = createCallLine({ deliver: send, after });
      lines.set(port, line);
      if (child !== null) attach(port, line, child);
      return {
        receive(message) {
          const call = callMessageSchema.safeParse(message);
          if (call.success) line.submit(call.data);
          else send({ type: 'error', id: unreadableId, error: { code: 'input.invalid' } });
        },
        close() {
          lines.delete(port);
          // Both ends of a closing process's ports end with it.
          child?.send({ type: 'port-close', port });
        },
      };
    },
  };
}
