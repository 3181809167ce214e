/** How Electron's main process tells a page's preload script about its port to the case process. */
import type { ErrorShape } from '../errors.ts';

/** Main → preload: a {@link PortNotice}, with the port where one opens. */
export const PORT_CHANNEL = 'tma:port';
/** Preload → main: this page wants a port. */
export const CONNECT_CHANNEL = 'tma:connect';

export type PortNotice =
  /** Use the port that comes with this from now on. */
  | { readonly state: 'open' }
  /** The case process is closing: it still answers what it has, and gets nothing new. */
  | { readonly state: 'hold' }
  /** It is gone; `error` says why it could not be built, if so. */
  | { readonly state: 'gone'; readonly error: ErrorShape | null };
