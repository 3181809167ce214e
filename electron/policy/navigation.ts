/**
 * E05: where the window may go, which is nowhere. The renderer is one page that changes its own address with
 * the history API; no Electron navigation event is part of normal work, so each is refused without looking
 * at its target.
 */
import { parseUrl } from './origin.ts';

/** The Electron events the shell refuses, by name; the shell listens to each and prevents it. */
export const refusedNavigationEvents = [
  'will-navigate',
  'will-frame-navigate',
  'will-redirect',
  'will-attach-webview',
] as const;

export type ExternalLink =
  | { readonly open: false; readonly reason: 'not-https' | 'not-listed' | 'not-a-url' }
  | { readonly open: 'ask'; readonly url: string; readonly host: string };

/**
 * What happens to a link that asks for a new window: never a window; the system's browser only for https, a
 * listed host, the standard port and no user name, and only after the person confirmed.
 */
export function externalLink(url: string, listedHosts: ReadonlySet<string>): ExternalLink {
  const parsed = parseUrl(url);
  if (parsed === null) return { open: false, reason: 'not-a-url' };
  if (parsed.protocol !== 'https:') return { open: false, reason: 'not-https' };
  const plain = parsed.port === '' && parsed.username === '' && parsed.password === '';
  if (!plain || !listedHosts.has(parsed.hostname)) return { open: false, reason: 'not-listed' };
  return { open: 'ask', url: parsed.href, host: parsed.hostname };
}
