/** The steps of `npm test`, in order, and how each is run and counted. */
import { spawn } from 'node:child_process';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { buildStale } from '../bootstrap/build.mjs';
import { say } from '../support/progress.mjs';
import { countReport, type Outcome, oneFailed, onePassed } from './outcome.ts';

export interface Step {
  readonly name: string;
  /** Quiet steps run two at a time and show their output only when they fail. */
  readonly quiet: boolean;
  /** A step that must have passed before. */
  readonly needs?: string;
  readonly run: () => Promise<Outcome>;
}

export const root = resolve(import.meta.dirname, '../..');
const bin = (name: string) => join(root, 'node_modules', '.bin', name);
const node = process.execPath;
const vitest = join(root, 'node_modules/vitest/vitest.mjs');

export const steps: readonly Step[] = [
  {
    name: 'types',
    quiet: true,
    run: () =>
      quietly(
        ...['.', 'renderer', 'renderer/tsconfig.test.json', 'e2e'].map((project) => [
          bin('tsc'),
          '-p',
          project,
        ]),
      ),
  },
  { name: 'lint', quiet: true, run: () => quietly([bin('biome'), 'ci', '--colors=off', '.']) },
  { name: 'layering', quiet: true, run: () => quietly([node, 'tools/layering/layering.ts']) },
  { name: 'deadcode', quiet: true, run: () => quietly([bin('knip'), '--no-progress']) },
  { name: 'supply', quiet: true, run: () => quietly([node, 'tools/supply/supply.ts']) },
  { name: 'unit', quiet: false, run: () => tests('unit') },
  { name: 'build', quiet: false, run: build },
  { name: 'integration', quiet: false, needs: 'build', run: () => tests('integration') },
  { name: 'e2e', quiet: false, needs: 'build', run: () => tests('e2e') },
];

/** Runs commands one after the other; what they print is shown if one fails. */
async function quietly(...commands: readonly (readonly string[])[]): Promise<Outcome> {
  for (const command of commands) {
    const { code, output } = await execute(command, 'pipe');
    if (code === 0) continue;
    say(output.trimEnd());
    return oneFailed;
  }
  return onePassed;
}

async function build(): Promise<Outcome> {
  try {
    await buildStale(root, { node, step: (_title, work) => work() });
    return onePassed;
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return oneFailed;
  }
}

/** One Vitest project; its lines appear as it works, its report is what counts. */
async function tests(project: string): Promise<Outcome> {
  const folder = join(root, '.tma', 'test');
  const report = join(folder, `${project}.json`);
  await mkdir(folder, { recursive: true });
  await rm(report, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { code } = await execute([node, vitest, 'run', '--project', project, ...reporters], 'inherit');
  const text = await readFile(report, 'utf8').catch(() => 'null');
  return countReport(JSON.parse(text), code);
}

function execute(
  [file = '', ...args]: readonly string[],
  output: 'pipe' | 'inherit',
): Promise<{ code: number; output: string }> {
  return new Promise((done, reject) => {
    const child = spawn(file, args, {
      cwd: root,
      stdio: ['ignore', output, output],
      shell: process.platform === 'win32' && file !== node,
    });
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    child.on('error', reject);
    child.on('close', (code) => done({ code: code ?? 1, output: text }));
  });
}
