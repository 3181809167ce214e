/** What `npm run simulate` can be told, and how it is told that something will not do. */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { messageOf, ToolError } from '../support/tool-error.ts';

export const usage = `npm run simulate                                         1 000 runs
npm run simulate -- --seeds COUNT [--from SEED]          so many runs
npm run simulate -- --seed SEED                          one run, with its story

Each run is some days of several laptops and a service, with everything that can go wrong, made from its seed;
then what has to hold is looked at. docs/simulation.md says what goes wrong and what has to hold.

  --seeds COUNT     how many seeds (1000)
  --from SEED       the first of them (1)
  --seed SEED       this one alone; its story is told
  --steps COUNT     steps of a run before peace (60)
  --devices COUNT   laptops of a run, at least 2 (5)
  --workers COUNT   processes, each with a database of its own (one for each processor, here ${availableParallelism()})
  --help            this text

Ends with 1 where something does not hold, and says how to see it again.`;

export interface Options {
  readonly isHelp: boolean;
  readonly first: number;
  readonly count: number;
  /** One seed alone, with its story. */
  readonly isOne: boolean;
  readonly steps: number;
  readonly devices: number;
  readonly workers: number;
}

const text = { type: 'string' } as const;
const known = {
  seed: text,
  seeds: text,
  from: text,
  steps: text,
  devices: text,
  workers: text,
  help: { type: 'boolean', short: 'h' },
} as const;

/** @throws {ToolError} in words, when an option is not known or its value will not do. */
export function readOptions(argv: readonly string[]): Options {
  const values = parse(argv);
  const isOne = values.seed !== undefined;
  if (isOne && (values.seeds !== undefined || values.from !== undefined))
    throw refused('--seed plays one seed alone; --seeds and --from are for many.');
  const first = numberOf('--seed', values.seed, 0) ?? numberOf('--from', values.from, 0) ?? 1;
  const count = isOne ? 1 : (numberOf('--seeds', values.seeds, 1) ?? 1_000);
  return {
    isHelp: values.help === true,
    ...{ first, count, isOne },
    steps: numberOf('--steps', values.steps, 0) ?? 60,
    devices: numberOf('--devices', values.devices, 2) ?? 5,
    workers: Math.min(count, numberOf('--workers', values.workers, 1) ?? availableParallelism()),
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: known, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw refused(messageOf(error));
  }
}

function numberOf(option: string, given: string | undefined, least: number): number | undefined {
  if (given === undefined) return undefined;
  const number = Number(given);
  if (/^\d{1,9}$/.test(given) && number >= least) return number;
  throw refused(`${option} ${given}: has to be a whole number, ${least} or more.`);
}

const refused = (message: string) => new ToolError(`${message}\n--help shows what there is.`);
