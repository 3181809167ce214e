/** Follows the case process from port to port; the host says when one opens, closes or is gone. */
import type { CallLine } from '../../shared/contract/callLine.ts';
import type { AnswerMessage } from '../../shared/contract/messages.ts';
import type { PortNotice } from '../../shared/contract/ports.ts';

/** The part of a `MessagePort` that is used. */
export interface Port {
  postMessage(message: unknown): void;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  close(): void;
}

/** Takes each notice with the port that came with it. */
export function followPorts(line: CallLine): (notice: PortNotice, port: Port | undefined) => void {
  let current: Port | null = null;
  const leave = (): void => {
    if (current !== null) current.onmessage = null;
    current?.close();
    current = null;
  };
  return (notice, port) => {
    switch (notice.state) {
      case 'open':
        if (port === undefined) return;
        leave();
        line.detach();
        current = port;
        // Setting `onmessage` also starts the port. The case process checked the answer against the contract.
        port.onmessage = ({ data }) => line.receive(data as AnswerMessage);
        line.attach((call) => port.postMessage(call));
        return;
      case 'hold':
        line.hold();
        return;
      case 'gone':
        leave();
        line.detach(notice.error ?? undefined);
    }
  };
}
