import type { BridgeAnswer } from '../../../shared/contract/bridge.ts';
import type { EventName } from '../../../shared/contract/events.ts';
import type { ProcedureName } from '../../../shared/contract/procedures.ts';

/** How calls reach the case process and events come back: the bridge of Electron, or a socket. */
export interface Transport {
  /** Always answers; a broken line answers `host.core-stopped`. */
  call(name: ProcedureName, input: unknown): Promise<BridgeAnswer>;
  on(name: EventName, listener: (payload: unknown) => void): () => void;
}
