/**
 * E16: what a link from outside may say: "show the case with this id", and nothing else. Whoever sends a link can
 * write anything into it, so it is matched as a whole, never parsed into parts; the id means nothing to anybody
 * without the vault, and whether its case may be seen is decided where cases are.
 */
import { type CaseId, caseIdSchema } from '../../shared/ids.ts';

export const LINK_SCHEME = 'tma-workstation';

const LINK =
  /^tma-workstation:\/\/case\/([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})\/?$/;

/** The case a link names; null for everything that is not exactly such a link. */
export function caseOfLink(link: string): CaseId | null {
  const id = LINK.exec(link)?.[1];
  return id === undefined ? null : caseIdSchema.parse(id);
}

/** The case named in a command line: systems other than macOS hand a link over as its last argument. */
export function caseOfArguments(argv: readonly string[]): CaseId | null {
  const links = argv.filter((argument) => argument.toLowerCase().startsWith(`${LINK_SCHEME}:`));
  return links.length === 1 ? caseOfLink(links[0] ?? '') : null;
}
