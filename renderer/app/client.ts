/** The renderer's one way to the case process: typed calls and events over the transport of the host. */
import type { Bridge } from '../../shared/contract/bridge.ts';
import type { EventName, EventOf } from '../../shared/contract/events.ts';
import type { InputOf, OutputOf, ProcedureName } from '../../shared/contract/procedures.ts';
import { TmaError, toTmaError } from '../../shared/errors.ts';
import { bridgeTransport } from './transport/bridge.ts';
import { type Socket, socketTransport } from './transport/socket.ts';
import type { Transport } from './transport/transport.ts';

declare global {
  interface Window {
    /** Put there by the preload in Electron; absent in the preview host. */
    readonly tma?: Bridge;
  }
}

export interface Client {
  /** Rejects with a {@link TmaError}, and with nothing else. */
  call<N extends ProcedureName>(name: N, input: InputOf<N>): Promise<OutputOf<N>>;
  /** Listens to an event; the returned function stops listening. */
  on<N extends EventName>(name: N, listener: (payload: EventOf<N>) => void): () => void;
}

/** The case process checks every input and output against the contract, so here they only get their types. */
export function createClient(transport: () => Transport): Client {
  return {
    async call<N extends ProcedureName>(name: N, input: InputOf<N>) {
      const answer = await transport()
        .call(name, input)
        .catch((thrown: unknown) => Promise.reject(toTmaError(thrown)));
      if (!answer.ok) throw new TmaError(answer.error.code, answer.error.params);
      return answer.value as OutputOf<N>;
    },
    on<N extends EventName>(name: N, listener: (payload: EventOf<N>) => void) {
      return transport().on(name, (payload) => listener(payload as EventOf<N>));
    },
  };
}

/** Path of the preview host's socket on the own origin. */
const socketPath = '/contract';

/** Only a link with this attribute makes a browser keep what it fetches. */
function download(path: string): void {
  const link = document.createElement('a');
  link.href = path;
  link.download = '';
  link.click();
}

let hostTransport: Transport | undefined;

/** Made at the first call, not at import: tests import stores without a host. */
function transportOfHost(): Transport {
  hostTransport ??=
    window.tma === undefined
      ? socketTransport({
          open: () => new WebSocket(`ws://${window.location.host}${socketPath}`) as Socket,
          after(delayMs, run) {
            const timer = setTimeout(run, delayMs);
            return () => clearTimeout(timer);
          },
          download,
          random: Math.random,
        })
      : bridgeTransport(window.tma);
  return hostTransport;
}

/** The client of this window. */
export const client: Client = createClient(transportOfHost);
