/** `npm test`: every check there is, each with its duration, and one last line that says how it went. */
import { parseArgs } from 'node:util';
import { duration, say } from './support/progress.mjs';
import { messageOf, ToolError } from './support/tool-error.ts';
import { lastLine, type Outcome, oneFailed, sum } from './testing/outcome.ts';
import { type Step, steps } from './testing/steps.ts';

interface Finished {
  readonly name: string;
  readonly outcome: Outcome;
  readonly tookMs: number;
}

const { values } = parseArgs({
  options: { only: { type: 'string', multiple: true }, bail: { type: 'boolean', default: false } },
});

try {
  const finished = await runAll(wanted(values.only));
  report(finished);
} catch (error) {
  if (!(error instanceof ToolError)) throw error;
  say(error.message);
  process.exitCode = 2;
}

function wanted(only: readonly string[] | undefined): readonly Step[] {
  if (only === undefined) return steps;
  const names = only.flatMap((each) => each.split(','));
  const unknown = names.find((name) => steps.every((step) => step.name !== name));
  const needed = steps.flatMap(({ name, needs }) =>
    names.includes(name) && needs !== undefined ? [needs] : [],
  );
  if (unknown === undefined) return steps.filter(({ name }) => names.includes(name) || needed.includes(name));
  throw new ToolError(`There is no step "${unknown}". Steps: ${steps.map((step) => step.name).join(', ')}.`);
}

/** Quiet steps two at a time, on the two cores there are; then the others one after the other. */
async function runAll(chosen: readonly Step[]): Promise<readonly Finished[]> {
  const finished: Finished[] = [];
  const isOver = () => values.bail && finished.some(({ outcome }) => outcome.failed > 0);
  const queue = chosen.filter((step) => step.quiet);
  const worker = async () => {
    for (let step = queue.shift(); step !== undefined && !isOver(); step = queue.shift()) {
      finished.push(await runOne(step));
    }
  };
  await Promise.all([worker(), worker()]);
  for (const step of chosen.filter((each) => !each.quiet)) {
    if (isOver()) break;
    const lacks = finished.find(({ name, outcome }) => name === step.needs && outcome.failed > 0);
    if (lacks === undefined) finished.push(await runOne(step));
    else {
      say(`✗ ${step.name} was not run, because ${lacks.name} failed`);
      finished.push({ name: step.name, outcome: oneFailed, tookMs: 0 });
    }
  }
  return finished;
}

async function runOne(step: Step): Promise<Finished> {
  const startedMs = Date.now();
  say(`• ${step.name} …`);
  const outcome = await step.run().catch((error: unknown): Outcome => {
    say(messageOf(error));
    return oneFailed;
  });
  const tookMs = Date.now() - startedMs;
  say(`${outcome.failed === 0 ? '✓' : '✗'} ${step.name} (${duration(tookMs)})`);
  return { name: step.name, outcome, tookMs };
}

function report(finished: readonly Finished[]): void {
  const total = sum(finished.map(({ outcome }) => outcome));
  say();
  for (const { name, outcome, tookMs } of finished) {
    const counts = `${String(outcome.passed).padStart(5)} passed ${String(outcome.failed).padStart(4)} failed`;
    const skipped = outcome.skipped === 0 ? '' : ` ${outcome.skipped} skipped`;
    say(`${name.padEnd(12)} ${duration(tookMs).padStart(8)} ${counts}${skipped}`);
  }
  say();
  say(lastLine(total));
  process.exitCode = total.failed === 0 ? 0 : 1;
}
