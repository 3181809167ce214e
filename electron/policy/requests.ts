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

/**
 * Hints of a page (preconnect, prefetch of names) and WebRTC are not requests: no handler sees them and the content
 * security policy has no word for them, yet each tells somebody outside a name of the page's choosing. So there is
 * nothing behind them: no name is resolved, whatever still wants to connect is sent to a proxy that does not exist,
 * and UDP goes nowhere without one.
 */
export const deadEnd = {
  proxy: { mode: 'fixed_servers', proxyRules: '127.0.0.1:9', proxyBypassRules: '<-loopback>' },
  webRtc: 'disable_non_proxied_udp',
} as const;

/** What Chromium may look up: the host of the updates, if there is one. The case process asks Node, not Chromium. */
export function resolverRules(updateUrl: string | undefined): string {
  const host = updateUrl === undefined ? undefined : parseUrl(updateUrl)?.hostname;
  return host === undefined ? 'MAP * ~NOTFOUND' : `MAP * ~NOTFOUND, EXCLUDE ${host}`;
}
