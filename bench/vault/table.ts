/** The results as lines to print, and as a table of a decision record. */
import type { Figure } from './measure.ts';

export type Results = ReadonlyMap<string, ReadonlyMap<string, Figure>>;

export function tableOf(results: Results): readonly string[] {
  const [peer = '', ...drivers] = [...(results.values().next().value?.keys() ?? [])];
  const head = [
    'median ms (p95)',
    'plain SQLite',
    ...drivers.flatMap((name) => [name, 'cpu ms', '× plain', '× cpu']),
  ];
  const rows = [...results].map(([operation, figures]) => [
    operation,
    clock(figures.get(peer)),
    ...drivers.flatMap((name) => cells(figures.get(name))),
  ]);
  return aligned([head, ...rows]);
}

function cells(figure: Figure | undefined): readonly string[] {
  if (figure === undefined) return ['-', '-', '-', '-'];
  return [
    clock(figure),
    `${ms(figure.cpuMs)} (${ms(figure.p95CpuMs)})`,
    figure.ratio.toFixed(2),
    figure.cpuRatio.toFixed(2),
  ];
}

function clock(figure: Figure | undefined): string {
  return figure === undefined ? '-' : `${ms(figure.medianMs)} (${ms(figure.p95Ms)})`;
}

function ms(value: number): string {
  return value.toFixed(value < 10 ? 2 : 1);
}

function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** While it runs. */
export function lineOf(operation: string, figures: ReadonlyMap<string, Figure>): string {
  const parts = [...figures].map(
    ([name, figure]) =>
      `${name} ${clock(figure)} × ${figure.ratio.toFixed(2)}, cpu ${ms(figure.cpuMs)} (${ms(figure.p95CpuMs)}) × ${figure.cpuRatio.toFixed(2)}`,
  );
  return `  ${operation}: ${parts.join('; ')}`;
}
