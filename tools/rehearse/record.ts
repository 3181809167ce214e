/** Keeps what a rehearsal showed, one line of JSON for each run, and tells it as a table. */
import { appendFileSync, mkdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { thisCheckout } from '../run/places.ts';
import type { Outcome } from './scenarios.ts';

export interface Run {
  readonly balancer: string;
  readonly outcomes: readonly Outcome[];
}

const file = join(thisCheckout, 'bench/results/rollout.jsonl');

/** Appends the run to `bench/results/rollout.jsonl`; gives the table. */
export function record({ balancer, outcomes }: Run): string {
  mkdirSync(dirname(file), { recursive: true });
  const line = {
    at: new Date().toISOString(),
    node: process.version,
    cores: cpus().length,
    balancer,
    outcomes,
  };
  appendFileSync(file, `${JSON.stringify(line)}\n`);
  const rows = outcomes.map(({ what, requests, failed, lost, passed }) => [
    what,
    String(requests),
    String(failed),
    String(lost),
    passed ? 'as it must' : 'NOT as it must',
  ]);
  return table([['rehearsal', 'requests', 'failed', 'edits lost', 'went'], ...rows]);
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const line = (row: readonly string[]) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd();
  return rows.map(line).join('\n');
}
