/**
 * E16: links from outside. A link carries one opaque id and nothing else; it is dropped while the vault is
 * locked, so that a link cannot make a locked program reveal whether a case exists.
 */
import { parseUrl } from './origin.ts';

export const LINK_SCHEME = 'tma-workstation';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** The id in `tma-workstation://open/<uuid v7>`, or null for anything else and whenever locked. */
export function deepLinkId(link: string, state: { readonly locked: boolean }): string | null {
  const url = parseUrl(link);
  if (state.locked || url === null) return null;
  if (url.protocol !== `${LINK_SCHEME}:` || url.host !== 'open' || url.search !== '' || url.hash !== '')
    return null;
  const id = url.pathname.slice(1);
  return UUID.test(id) && link === `${LINK_SCHEME}://open/${id}` ? id : null;
}
