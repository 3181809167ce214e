/**
 * E12: which variables the case process inherits. A list of what is allowed, because what could weaken it
 * (proxies, key logs, certificate checks, Node options) cannot be listed completely.
 */
const inherited = [
  'HOME',
  'LANG',
  'LC_ALL',
  'TZ',
  'TMPDIR',
  'TEMP',
  'TMP',
  'USERPROFILE',
  'APPDATA',
  'LOCALAPPDATA',
  // Windows cannot open a socket without it.
  'SYSTEMROOT',
  'WINDIR',
] as const;

/** The variables for the case process; names are compared as Windows does, without case. */
export function coreEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const allowed = new Set<string>(inherited);
  const entries = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && allowed.has(entry[0].toUpperCase()),
  );
  return Object.fromEntries(entries);
}
