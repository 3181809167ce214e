/** What a person reads once everything runs: where it is, and how to sign in. */
import type { Shown } from './host.ts';
import type { Invitation } from './people.ts';

export interface Welcome {
  readonly serviceUrl: string;
  /** Missing when only the service was started. */
  readonly laptop?: { readonly name: string; readonly shown: Shown };
  readonly invitations: readonly Invitation[];
}

export function welcomeText({ serviceUrl, laptop, invitations }: Welcome): string {
  const widest = Math.max(...invitations.map(({ name }) => name.length));
  const codes = invitations.map(({ name, role, code }) => `    ${code}   ${name.padEnd(widest)}   ${role}`);
  const places = [
    ['Central service', serviceUrl],
    ...(laptop === undefined ? [] : [[`Laptop "${laptop.name}"`, whereabouts(laptop.shown)]]),
  ];
  return [
    '',
    ...places.map(([what = '', where = '']) => `  ${what.padEnd(18)}${where}`),
    '',
    '  A new laptop can be set up by signing in as one of these people, in the browser, or with a one-time code.',
    '  Each code works once and says who you are:',
    '',
    ...codes,
    '',
    '  Then choose a passphrase of at least 15 characters; from then on it opens the laptop.',
    ...(laptop === undefined ? [] : ['  A second laptop: npm run workstation -- --profile second']),
    '  Ctrl+C stops everything that was started here. The data stays; --reset begins anew.',
    '',
  ].join('\n');
}

function whereabouts(shown: Shown): string {
  if (shown.in === 'electron') return 'is open in Electron';
  const address = `${shown.url}   (works once)`;
  if (shown.in === 'window') return `is open in a window; another one: ${address}`;
  return shown.why === undefined ? address : `${address}; no window: ${shown.why}`;
}
