/** The flags of `npm start`, `npm run server` and `npm run workstation`; `bootstrap/usage.mjs` explains them. */
import { parseArgs } from 'node:util';
import { messageOf, ToolError } from '../support/tool-error.ts';

export interface Flags {
  /** Left out: Electron where a runtime is installed, else the preview host. */
  readonly host: 'electron' | 'preview' | undefined;
  readonly profile: string;
  /** Port of the preview host; 0 takes a free one. */
  readonly port: number;
  /** Port of the central service; left out: the one it had before. */
  readonly servicePort: number | undefined;
  readonly opens: boolean;
  readonly loadsDemo: boolean;
  readonly resets: boolean;
}

type Name = 'host' | 'profile' | 'port' | 'service-port' | 'no-open' | 'no-demo' | 'reset';

const kinds: Readonly<Record<Name, { readonly type: 'string' | 'boolean' }>> = {
  host: { type: 'string' },
  profile: { type: 'string' },
  port: { type: 'string' },
  'service-port': { type: 'string' },
  'no-open': { type: 'boolean' },
  'no-demo': { type: 'boolean' },
  reset: { type: 'boolean' },
};

/** Which flags each command knows. */
export const knownFlags = {
  start: ['host', 'profile', 'port', 'service-port', 'no-open', 'no-demo', 'reset'],
  server: ['service-port', 'no-demo', 'reset'],
  workstation: ['host', 'profile', 'port', 'no-open'],
} as const satisfies Readonly<Record<string, readonly Name[]>>;

/** @throws {ToolError} in words, when a flag is not known or its value will not do. */
export function readFlags(command: keyof typeof knownFlags, argv: readonly string[]): Flags {
  const values = parse(command, argv);
  const text = (name: Name) => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  return {
    host: hostOf(text('host')),
    profile: text('profile') ?? (command === 'workstation' ? 'second' : 'first'),
    port: portOf('--port', text('port')) ?? 0,
    servicePort: portOf('--service-port', text('service-port')),
    opens: values['no-open'] !== true,
    loadsDemo: values['no-demo'] !== true,
    resets: values.reset === true,
  };
}

function parse(command: keyof typeof knownFlags, argv: readonly string[]): Readonly<Record<string, unknown>> {
  const options = Object.fromEntries(knownFlags[command].map((name) => [name, kinds[name]]));
  try {
    return parseArgs({ args: [...argv], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new ToolError(`${messageOf(error)}\n--help shows what there is.`);
  }
}

function hostOf(text: string | undefined): Flags['host'] {
  if (text === undefined || text === 'electron' || text === 'preview') return text;
  throw new ToolError(`--host ${text}: there are two hosts, electron and preview.`);
}

function portOf(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (/^\d+$/.test(text) && port < 65_536) return port;
  throw new ToolError(`${flag} ${text}: a port is a number from 0 to 65535.`);
}
