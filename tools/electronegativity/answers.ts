/**
 * What Electronegativity finds in the shell, and why each finding is as it should be. It reads one file at a time and
 * does not follow a value into another, so it also reports what is set elsewhere. A finding without an answer fails
 * the check, and so does an answer nothing is found for any more.
 */
export interface Answer {
  /** The name of the check, and where it found something (`N/A` for the program as a whole). */
  readonly check: string;
  readonly file: string;
  readonly because: string;
}

const window = 'electron/main/window.ts';

export const answers: readonly Answer[] = [
  {
    check: 'CSP_GLOBAL_CHECK',
    file: 'N/A',
    because:
      'E03: the policy is a header of every answer (electron/main/assetServer.ts), not a <meta> element.',
  },
  {
    check: 'CONTEXT_ISOLATION_JS_CHECK',
    file: window,
    because: 'E01: on; the preferences come from electron/policy/window.ts, whose test holds them.',
  },
  {
    check: 'SANDBOX_JS_CHECK',
    file: window,
    because:
      'E01: on, for this window by electron/policy/window.ts and for every one by app.enableSandbox().',
  },
  {
    check: 'AUXCLICK_JS_CHECK',
    file: window,
    because: 'E05: a middle click asks for a window, and every window is denied (electron/main/guards.ts).',
  },
  {
    check: 'DANGEROUS_FUNCTIONS_JS_CHECK',
    file: window,
    because: 'E13: insertCSS with a constant of the program, to cover the page; no value gets into it.',
  },
  {
    check: 'CERTIFICATE_VERIFY_PROC_JS_CHECK',
    file: 'electron/main/appSession.ts',
    because: 'E07: refuses every certificate (-2); nothing of the renderer speaks TLS.',
  },
  {
    check: 'CERTIFICATE_ERROR_EVENT_JS_CHECK',
    file: 'electron/main/guards.ts',
    because:
      'E07: prevents the default and answers with electron/policy/certificates.ts, which is always no.',
  },
  {
    check: 'PROTOCOL_HANDLER_JS_CHECK',
    file: 'electron/main/links.ts',
    because:
      'E16: a link is matched as a whole, names an opaque id, and is dropped while the vault is locked.',
  },
  {
    check: 'CUSTOM_ARGUMENTS_JS_CHECK',
    file: 'electron/main/shell.ts',
    because:
      'E08: the one switch the program sets itself, so that names are not resolved (electron/policy/requests.ts); from outside it ends a packaged start (E12).',
  },
  {
    check: 'OPEN_EXTERNAL_JS_CHECK',
    file: 'electron/main/shell.ts',
    because: 'E05: https and a listed host only (electron/policy/navigation.ts), after the person agreed.',
  },
];
