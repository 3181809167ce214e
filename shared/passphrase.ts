/**
 * What a passphrase has to be, for the screen where it is chosen and for the vault that takes it. Length is
 * what counts (NIST SP 800-63B-4): 15 to 128 characters, no rule about kinds of characters; refused is what
 * is long but known or monotonous. Pure, so the renderer asks while the person types.
 */
import { type ErrorCode, TmaError } from './errors.ts';

export const minPassphraseLength = 15;
export const maxPassphraseLength = 128;
/** Characters that must remain once everything guessable is taken out. */
const minEffectiveLength = 8;
const minDistinct = 6;

export type PassphraseStrength = 'short' | 'long' | 'common' | 'fair' | 'good' | 'strong';

export interface PassphraseReport {
  /** In characters as a person counts them (code points after NFKC). */
  readonly length: number;
  readonly strength: PassphraseStrength;
  /** Set when the passphrase is refused. */
  readonly problem?: Extract<ErrorCode, `vault.passphrase-${string}`>;
}

const problems = {
  short: 'vault.passphrase-short',
  long: 'vault.passphrase-long',
  common: 'vault.passphrase-common',
} as const;

/** Judges a passphrase; `contextWords` are the person's and the organisation's names. */
export function judgePassphrase(passphrase: string, contextWords: readonly string[] = []): PassphraseReport {
  const length = [...passphrase.normalize('NFKC')].length;
  const strength = strengthOf(passphrase, length, contextWords);
  return strength in problems
    ? { length, strength, problem: problems[strength as keyof typeof problems] }
    : { length, strength };
}

/** @throws TmaError `vault.passphrase-short`, `vault.passphrase-long` or `vault.passphrase-common`. */
export function assertPassphrase(passphrase: string, contextWords: readonly string[] = []): void {
  const { problem } = judgePassphrase(passphrase, contextWords);
  if (problem !== undefined) {
    throw new TmaError(problem, { min: minPassphraseLength, max: maxPassphraseLength });
  }
}

function strengthOf(passphrase: string, length: number, contextWords: readonly string[]): PassphraseStrength {
  if (length < minPassphraseLength) return 'short';
  if (length > maxPassphraseLength) return 'long';
  const folded = fold(passphrase);
  const effective = effectiveLength(folded, contextWords);
  if (effective < minEffectiveLength || new Set(folded).size < minDistinct) return 'common';
  if (famous.has(folded.replace(/[^\p{L}]/gu, ''))) return 'common';
  if (effective < 15) return 'fair';
  return effective < 23 ? 'good' : 'strong';
}

/** Case, accents' forms and separators do not make a guess harder. */
function fold(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\-_.,;:!?]+/gu, '');
}

function effectiveLength(folded: string, contextWords: readonly string[]): number {
  const words = [...contextWords.flatMap((word) => word.split(/\s+/u)).map(fold), ...guessable];
  const longestFirst = words.filter((word) => word.length >= 3).sort((a, b) => b.length - a.length);
  const withoutWords = longestFirst.reduce((rest, word) => rest.replaceAll(word, '•'), folded);
  const withoutRepeats = withoutWords.replace(/(.)\1{2,}/gu, '$1').replace(/(.{2,16}?)\1+/gu, '$1');
  return collapseRuns(withoutRepeats);
}

/** Length with each run of four or more neighbours (alphabet, digits, keyboard rows) counted as one. */
function collapseRuns(text: string): number {
  const characters = [...text];
  let length = 0;
  for (let start = 0; start < characters.length; ) {
    let end = start + 1;
    while (end < characters.length && areNeighbours(characters[end - 1], characters[end])) end++;
    length += end - start >= 4 ? 1 : end - start;
    start = end;
  }
  return length;
}

const rows = ['1234567890', 'qwertzuiopü', 'qwertyuiop', 'asdfghjklöä', 'yxcvbnm', 'zxcvbnm', 'azertyuiop'];

function areNeighbours(a = '', b = ''): boolean {
  if (/^[a-z0-9]{2}$/.test(a + b) && Math.abs(a.charCodeAt(0) - b.charCodeAt(0)) === 1) return true;
  return rows.some((row) => row.includes(a + b) || row.includes(b + a));
}

/** Words that add nothing: the product's, the commonest in leaked passwords, seasons and months. */
const guessable = `
  tma workstation threat management bedrohung bedrohungsmanagement fallakte vault tresor laptop
  password passwort passphrase kennwort geheim secret admin administrator benutzer user login
  welcome willkommen letmein hallo hello iloveyou ichliebedich master dragon monkey football fussball
  baseball superman batman sunshine princess schatz sommer winter herbst fruehling frühling summer spring autumn
  januar februar april august september oktober november dezember january february october december
  monday montag freitag friday start test demo changeme aendern
`
  .trim()
  .split(/\s+/);

/** Long ones everybody knows, letters only. */
const famous = new Set(
  `
  correcthorsebatterystaple thequickbrownfoxjumpsoverthelazydog franzjagtimkomplettverwahrlostentaxiquerdurchbayern
  tobeornottobethatisthequestion seinodernichtseindasisthierdiefrage maytheforcebewithyou
  alleskleineentchenschwimmenaufdemsee alleentchenschwimmenaufdemsee allemeineentchenschwimmenaufdemsee
  imaginealltheepeople ihaveadreamthatoneday maytheoddsbeeverinyourfavor winteriscoming thisismypassword
  dasistmeinpasswort einringsiezuknechten oneringtorulethemall houstonwehaveaproblem ichbineinberliner
  freudeschönergötterfunken itwasthebestoftimes callmeishmael
`
    .trim()
    .split(/\s+/),
);
