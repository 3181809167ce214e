/** `node tools/preview/cli.ts --profile DIR --service URL --ca FILE`: one laptop in the preview host. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { TmaError } from '../../shared/errors.ts';
import { type Preview, startPreview } from './preview.ts';

const help = `Runs the workstation in a browser on this machine, for development.

  --profile DIR    folder of the laptop profile (made if missing)
  --service URL    address of the central service, https
  --ca FILE        the authority its certificate comes from, PEM
  --port N         port on 127.0.0.1 (any free one unless given)
  --driver NAME    auto, sqlcipher or multiple-ciphers
  --help           this text
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      profile: { type: 'string' },
      service: { type: 'string' },
      ca: { type: 'string' },
      port: { type: 'string' },
      driver: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const { profile, service, ca } = values;
  if (values.help || profile === undefined || service === undefined || ca === undefined) {
    process.stdout.write(help);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const preview = await startPreview({
    profileDir: resolve(profile),
    service: { url: service, caPem: readFileSync(ca, 'utf8') },
    port: portNumber(values.port),
    driver: driverName(values.driver),
    onDefect: ({ name, places }) => process.stderr.write(`${name}\n  ${places.join('\n  ')}\n`),
  });
  process.stdout.write(`Open this address; it works once:\n  ${preview.url}\nCtrl+C stops.\n`);
  stopOnSignal(preview);
}

function portNumber(text: string | undefined): number {
  const port = Number(text ?? 0);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`--port ${text} is not a port`);
  return port;
}

function driverName(text: string | undefined) {
  if (text === undefined || text === 'auto') return 'auto';
  if (text === 'sqlcipher' || text === 'multiple-ciphers') return text;
  throw new Error(`--driver ${text} is not known`);
}

function stopOnSignal(preview: Preview): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    void preview.stop().then(() => process.exit(0));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

main().catch((thrown: unknown) => {
  process.stderr.write(`${explain(thrown)}\n`);
  process.exitCode = 1;
});

function explain(thrown: unknown): string {
  if (thrown instanceof TmaError && thrown.code === 'host.port-in-use') {
    return `Port ${thrown.params?.port} is in use by another program. Nothing was started; choose another with --port.`;
  }
  if (thrown instanceof TmaError && thrown.code === 'vault.in-use') {
    return 'This profile is open in another program. Nothing was changed; end that one first or choose another --profile.';
  }
  if (thrown instanceof TmaError) return `The workstation could not start: ${thrown.code}.`;
  return thrown instanceof Error ? thrown.message : String(thrown);
}
