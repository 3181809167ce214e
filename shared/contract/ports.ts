/** How Electron's main process tells a page's preload script about its port to the case process. */
import { z } from 'zod';
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

/**
 * What the preview host sends a page over the contract's socket beside answers: a file waits at this address of
 * its own, once. In Electron the case process writes files itself, and no page hears of them.
 */
export const downloadNoticeSchema = z.strictObject({
  type: z.literal('download'),
  path: z.string().regex(/^\/download\/[A-Za-z0-9_-]{1,64}$/),
});
export type DownloadNotice = z.infer<typeof downloadNoticeSchema>;
