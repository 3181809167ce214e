/**
 * The one origin the workstation's renderer lives on in Electron. `URL.origin` of a custom scheme is the
 * text "null" for every host, so comparing origins would trust any `app:` page; scheme and host are
 * compared instead (E02, E09).
 */
export const APP_SCHEME = 'app';
export const APP_HOST = 'tma';
export const APP_START_URL = `${APP_SCHEME}://${APP_HOST}/`;

/** Whether `url` is a page or resource of our own renderer. Anything that is no URL is not. */
export function isAppUrl(url: string): boolean {
  const parsed = parseUrl(url);
  return (
    parsed !== null &&
    parsed.protocol === `${APP_SCHEME}:` &&
    parsed.hostname === APP_HOST &&
    parsed.port === '' &&
    parsed.username === '' &&
    parsed.password === ''
  );
}

/** The parsed URL, or null where `text` is none. */
export function parseUrl(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}
