/** `npm run offline`: for the machine without a network that keeps the keys behind updates (E17) and pins (S01). */
import { parseArgs } from 'node:util';
import { messageOf, ToolError } from '../support/tool-error.ts';
import { makeKey, pinOfCertificate, signFiles, signPins } from './sign.ts';

const usage = `npm run offline -- COMMAND

  key FILE                 makes a key and prints its public half: TMA_RELEASE_KEY of the build,
                           or updateKey of workstation.json
  pin CERTIFICATE          prints the pin of a certificate's public key
  pins PIN PIN …           signs a set of pins    --key FILE --serial N --until DATE
  release FOLDER           signs what is in it    --key FILE --version V --minimum V --until DATE
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    key: { type: 'string' },
    serial: { type: 'string' },
    until: { type: 'string' },
    version: { type: 'string' },
    minimum: { type: 'string' },
  },
});

function given(name: keyof typeof values): string {
  const value = values[name];
  if (value === undefined) throw new ToolError(`--${name} is missing.\n\n${usage}`);
  return value;
}

/** The end of a day, so that whoever reads the date is right. */
const until = () => new Date(`${given('until')}T23:59:59.000Z`).toISOString();

function run([command, first, ...more]: readonly string[]): string {
  if (first === undefined) throw new ToolError(usage);
  switch (command) {
    case 'key':
      return makeKey(first);
    case 'pin':
      return pinOfCertificate(first);
    case 'pins': {
      const order = { key: given('key'), serial: Number(given('serial')), expiresAt: until() };
      return JSON.stringify(signPins({ ...order, pins: [first, ...more] }));
    }
    case 'release': {
      const order = { key: given('key'), version: given('version'), minimum: given('minimum') };
      return JSON.stringify(signFiles({ ...order, expiresAt: until(), folder: first }));
    }
    default:
      throw new ToolError(usage);
  }
}

try {
  console.log(run(positionals));
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 2;
}
