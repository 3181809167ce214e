/** The figures beside the peer's, with the bars of `design/evidence.md`. */
import { appendFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Figures } from '../service/measure.ts';
import type { Measured, Passage } from './ours.ts';

export interface Row {
  readonly what: string;
  readonly ours: string;
  readonly peer: string;
  readonly ratio: string;
  readonly bar: string;
  /** Left out: no bar. */
  readonly isMet?: boolean;
}

interface Both {
  readonly ours: Measured;
  readonly peer: Measured;
}

const whole = (value: number) => value.toFixed(0);
const one = (value: number) => value.toFixed(1);

export function syncRows({ ours, peer }: Both): readonly Row[] {
  const perThousand = ({ cpuSeconds, changes }: Passage) => (1e6 * cpuSeconds) / changes;
  const both = (passage: 'push' | 'first', name: string, least: number): readonly Row[] => {
    const [a, b] = [ours[passage], peer[passage]];
    const faster = a.perSecond / b.perSecond;
    const bytes = (side: Passage) => (passage === 'push' ? side.bytesUp : side.bytesDown) / side.changes;
    return [
      {
        ...{ what: `${name}, changes/s`, ours: whole(a.perSecond), peer: whole(b.perSecond) },
        ...{ ratio: `${one(faster)} ×`, bar: `≥ ${least} ×`, isMet: faster >= least },
      },
      {
        what: `${name}, processor ms per 1 000 changes (all processes)`,
        ...{ ours: whole(perThousand(a)), peer: whole(perThousand(b)) },
        ...{ ratio: `${one(perThousand(b) / perThousand(a))} × less`, bar: '' },
      },
      {
        what: `${name}, of these on the laptop`,
        ...{
          ours: whole((1e6 * a.clientCpuSeconds) / a.changes),
          peer: whole((1e6 * b.clientCpuSeconds) / b.changes),
        },
        ...{ ratio: `${one(b.clientCpuSeconds / a.clientCpuSeconds)} × less`, bar: '' },
      },
      {
        ...{ what: `${name}, of these in PostgreSQL`, ours: whole((1e6 * a.databaseCpuSeconds) / a.changes) },
        ...{ peer: '', ratio: '', bar: '' },
      },
      {
        what: `${name}, bytes on the wire per change`,
        ...{ ours: whole(bytes(a)), peer: whole(bytes(b)), ratio: (bytes(a) / bytes(b)).toFixed(2) },
        ...(passage === 'push'
          ? { bar: '≤ 120, ≤ 0.33', isMet: bytes(a) <= 120 && bytes(a) <= bytes(b) / 3 }
          : { bar: '' }),
      },
      {
        ...{ what: `${name}, memory of the laptop at most, MiB`, ours: whole(a.clientPeakMiB) },
        ...{ peer: whole(b.clientPeakMiB), ratio: (a.clientPeakMiB / b.clientPeakMiB).toFixed(2) },
        ...{ bar: '≤ 300', isMet: a.clientPeakMiB <= 300 },
      },
      {
        ...{ what: `${name}, memory of the server at most, MiB`, ours: whole(a.serverPeakMiB) },
        ...{ peer: whole(b.serverPeakMiB), ratio: (a.serverPeakMiB / b.serverPeakMiB).toFixed(2), bar: '' },
      },
    ];
  };
  const bodies = (name: string, pick: (side: Measured) => number): Row => ({
    ...{
      what: `body of a push per change, ${name}, bytes`,
      ours: whole(pick(ours)),
      peer: whole(pick(peer)),
    },
    ...{ ratio: (pick(ours) / pick(peer)).toFixed(2), bar: '' },
  });
  return [
    ...both('push', 'push', 3),
    ...both('first', 'first sync', 4),
    bodies('as text', (side) => side.rawBytesPerChange),
    bodies('gzip level 4', (side) => side.packedBytesPerChange),
  ];
}

export function mergeRow({ ours, peer }: { readonly ours: number; readonly peer: number }): Row {
  return {
    ...{ what: 'field merges/s (peer: Automerge)', ours: whole(ours), peer: whole(peer) },
    ...{ ratio: `${one(ours / peer)} ×`, bar: '≥ 200 000', isMet: ours >= 200_000 },
  };
}

export function deviceRows(many: Figures): readonly Row[] {
  const row = (what: string, ours: string, bar: string, isMet?: boolean): Row => ({
    ...{ what: `1 000 devices, ${what}`, ours, peer: '', ratio: '', bar },
    ...(isMet === undefined ? {} : { isMet }),
  });
  const { p50Ms, p95Ms, p99Ms, failed, unfairness, taskMsPerExchange, databaseMsPerExchange, taskMiB } = many;
  return [
    row('ms p50 / p95', `${whole(p50Ms)} / ${whole(p95Ms)}`, ''),
    row('ms p99', whole(p99Ms), '≤ 250', p99Ms <= 250),
    row('failed', whole(failed), '0', failed === 0),
    row('slowest twentieth of devices, times the median', one(unfairness), ''),
    row(
      'processor ms per exchange: task, database',
      `${one(taskMsPerExchange)}, ${one(databaseMsPerExchange)}`,
      '',
    ),
    row('memory of the task, MiB', whole(taskMiB), ''),
  ];
}

const heads: Row = { what: '', ours: 'TMA', peer: 'peer', ratio: 'ratio', bar: 'bar' };
const columns = ['what', 'ours', 'peer', 'ratio', 'bar'] as const;

export function printTable(rows: readonly Row[]): void {
  const all = [heads, ...rows];
  const widths = columns.map((column) => Math.max(...all.map((row) => row[column].length)));
  for (const row of all) {
    const cells = columns.map((column, at) => {
      const text = row[column];
      return at === 0 ? text.padEnd(widths[at] ?? 0) : text.padStart(widths[at] ?? 0);
    });
    const verdict = row.isMet === undefined ? '' : row.isMet ? 'met' : 'NOT MET';
    console.log(`sync: ${cells.join('  ')}  ${verdict}`.trimEnd());
  }
}

export async function appendResult(name: string, result: object): Promise<void> {
  const file = join(import.meta.dirname, `../results/${name}.jsonl`);
  await mkdir(dirname(file), { recursive: true });
  const line = { at: new Date().toISOString(), node: process.version, ...result };
  await appendFile(file, `${JSON.stringify(line)}\n`);
}
