/**
 * E08: what the renderer's session may request. The handler is installed without a URL filter, because a
 * filter silently lets through whatever it does not match.
 */
import { isAppUrl, parseUrl } from './origin.ts';

export interface RequestRule {
  /** True in an unpackaged program, where the developer tools load their own pages. */
  readonly devTools: boolean;
}

/** Whether a request is let through. Everything but our own pages and their own blobs is cancelled. */
export function requestAllowed(url: string, rule: RequestRule): boolean {
  const parsed = parseUrl(url);
  if (parsed === null) return false;
  if (rule.devTools && parsed.protocol === 'devtools:') return true;
  // A blob's address embeds the origin that made it: blob:app://tma/<uuid>.
  if (parsed.protocol === 'blob:') return isAppUrl(parsed.pathname);
  return isAppUrl(url);
}
