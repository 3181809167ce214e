/** What the browser shows once it has brought an answer back: a plain page without script, in the laptop's language. */
import { createHash } from 'node:crypto';

/** `foreign`: nothing this sign-in asked for; `used`: it had its answer already. */
export type PageKind = 'done' | 'failed' | 'foreign' | 'used';

interface PageText {
  readonly title: string;
  readonly text: string;
}

const texts: Readonly<Record<'de' | 'en', Readonly<Record<PageKind, PageText>>>> = {
  de: {
    done: {
      title: 'Sie sind angemeldet',
      text: 'Sie können diese Seite schließen und zu TMA zurückkehren.',
    },
    failed: {
      title: 'Die Anmeldung ist nicht gelungen',
      text: 'TMA sagt, woran es lag. Sie können diese Seite schließen.',
    },
    foreign: {
      title: 'Diese Antwort gehört zu keiner laufenden Anmeldung',
      text: 'Es wurde nichts geändert. Schließen Sie diese Seite und beginnen Sie in TMA neu.',
    },
    used: {
      title: 'Diese Antwort wurde schon angenommen',
      text: 'Sie können diese Seite schließen und zu TMA zurückkehren.',
    },
  },
  en: {
    done: { title: 'You are signed in', text: 'You can close this page and return to TMA.' },
    failed: { title: 'The sign-in did not succeed', text: 'TMA says why. You can close this page.' },
    foreign: {
      title: 'This answer belongs to no sign-in under way',
      text: 'Nothing was changed. Close this page and begin again in TMA.',
    },
    used: {
      title: 'This answer has already been taken',
      text: 'You can close this page and return to TMA.',
    },
  },
};

const style =
  'body{font:1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:15vh auto 0;padding:0 1rem;color:#1d2433}';
const styleHash = createHash('sha256').update(style).digest('base64');

export const pageHeaders: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  // The address has a code in it, which is used up but nobody's business.
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  connection: 'close',
};

export function answerPage(kind: PageKind, language: 'de' | 'en'): string {
  const { title, text } = texts[language][kind];
  return `<!doctype html>
<html lang="${language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>TMA: ${title}</title>
<style>${style}</style>
<h1>${title}</h1>
<p>${text}</p>
`;
}
