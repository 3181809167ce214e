/**
 * `npm run verify:chain`: checks exported logs with nothing but the files. No service, no database, no key of ours is
 * asked.
 *
 *   npm run verify:chain -- FILE… [--service-key KEY] [--case ID] [--witness FOLDER] [--seen HEADS]
 *
 *   FILE           the log of a case or the audit log of a tenant: `admin export-chain`, `admin export-audit`
 *   --service-key  the service's public key, from elsewhere than the file (a laptop shows it under History)
 *   --case         the case it has to be
 *   --witness      a copy of the write-once storage (the folder with `roots/` in it)
 *   --seen         a JSON file: list of signed heads somebody kept
 *
 * Exit code 0: everything verifies · 1: something does not, and the first break is told · 2: could not be checked.
 */
import { parseArgs } from 'node:util';
import { check, type Told } from './check.ts';

const usage =
  'npm run verify:chain -- FILE… [--service-key KEY] [--case ID] [--witness FOLDER] [--seen HEADS]\n';

process.exitCode = await run(process.argv.slice(2));

async function run(args: readonly string[]): Promise<number> {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : 'wrong options'}\n${usage}`);
    return 2;
  }
  const { positionals, values } = parsed;
  if (positionals.length === 0) {
    process.stderr.write(usage);
    return 2;
  }
  const told: Told[] = [];
  for (const file of positionals) {
    const one = await check(file, values);
    told.push(one);
    process.stdout.write(`${one.lines.map((line) => `${line}\n`).join('')}`);
  }
  return Math.max(...told.map((one) => one.exitCode));
}

function parse(args: readonly string[]) {
  const option = { type: 'string' } as const;
  return parseArgs({
    args: [...args],
    options: { 'service-key': option, case: option, witness: option, seen: option },
    allowPositionals: true,
  });
}
