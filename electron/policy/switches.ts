/**
 * E12: how a packaged program may be started. A debugger, a proxy, a replaced certificate check or a weakened
 * sandbox handed in from outside is refused before any key is loaded. Names only are reported: values may be
 * paths of the user.
 */
export interface StartConditions {
  readonly packaged: boolean;
  readonly platform: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Chromium and Node switches; one that ends in a hyphen stands for every switch that begins so. */
const refusedSwitches = [
  'remote-debugging-',
  'remote-allow-origins',
  'inspect',
  'inspect-',
  'js-flags',
  'host-rules',
  'host-resolver-rules',
  'ignore-certificate-errors',
  'ignore-certificate-errors-',
  'allow-insecure-localhost',
  'proxy-',
  'no-proxy-server',
  'winhttp-proxy-resolver',
  'ssl-key-log-file',
  'log-net-log',
  'net-log-',
  'no-sandbox',
  'disable-sandbox',
  'disable-setuid-sandbox',
  'disable-gpu-sandbox',
  'disable-web-security',
  'disable-site-isolation-trials',
  'allow-file-access-from-files',
  'allow-running-insecure-content',
  'disable-features',
  'disable-blink-features',
  'enable-blink-features',
  'load-extension',
  'renderer-cmd-prefix',
  'utility-cmd-prefix',
  'renderer-process-limit',
  'single-process',
  'in-process-gpu',
  'enable-logging',
  'log-file',
  'crash-dumps-dir',
  'password-store',
  'use-mock-keychain',
] as const;

const refusedVariables = [
  'SSLKEYLOGFILE',
  'NODE_TLS_REJECT_UNAUTHORIZED',
  'NODE_OPTIONS',
  'NODE_EXTRA_CA_CERTS',
  'NODE_DEBUG',
  'ELECTRON_RUN_AS_NODE',
  'ELECTRON_ENABLE_LOGGING',
  'ELECTRON_LOG_FILE',
] as const;

/** The names of what must not be there; a non-empty answer means: say so and exit. Unpackaged: always empty. */
export function refusedStart(conditions: StartConditions): readonly string[] {
  if (!conditions.packaged) return [];
  const switches = conditions.argv
    .map((argument) => switchName(argument, conditions.platform))
    .filter((name) => name !== null && isRefused(name))
    .map((name) => `--${name}`);
  const variables = refusedVariables.filter((name) => conditions.env[name] !== undefined);
  return [...switches, ...variables];
}

/** Chromium takes `--name` and `-name` everywhere, and on Windows `/name` and any case too. */
function switchName(argument: string, platform: string): string | null {
  const prefix = platform === 'win32' ? /^(--|-|\/)/ : /^(--|-)/;
  if (!prefix.test(argument)) return null;
  const name = argument.replace(prefix, '').split('=', 1)[0] ?? '';
  return name.toLowerCase();
}

function isRefused(name: string): boolean {
  return refusedSwitches.some((refused) =>
    refused.endsWith('-') ? name.startsWith(refused) : name === refused,
  );
}
