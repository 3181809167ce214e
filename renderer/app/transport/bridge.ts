import type { Bridge } from '../../../shared/contract/bridge.ts';
import type { Transport } from './transport.ts';

/** The product's transport: what the preload put on `window.tma` (E10). */
export function bridgeTransport(bridge: Bridge): Transport {
  return {
    call: (name, input) => bridge.call[name](input),
    on: (name, listener) => bridge.on(name, listener),
  };
}
