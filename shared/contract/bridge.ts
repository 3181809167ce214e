import type { ErrorShape } from '../errors.ts';
import type { EventName } from './events.ts';
import type { ProcedureName } from './procedures.ts';

export type BridgeAnswer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: ErrorShape };

/** What the preload puts on `window.tma`: one frozen function per procedure and one way to listen. */
export interface Bridge {
  readonly call: Readonly<Record<ProcedureName, (input: unknown) => Promise<BridgeAnswer>>>;
  /** Listens to an event; the returned function stops listening. */
  on(event: EventName, listener: (payload: unknown) => void): () => void;
}
