import type { ReactNode } from 'react';

type SortKey = string | number | null;

export interface Column<Row> {
  readonly id: string;
  /** Heading; with `isHeaderHidden` for screen readers only. */
  readonly header: string;
  readonly isHeaderHidden?: boolean;
  readonly cell: (row: Row) => ReactNode;
  /** Width as a track of CSS grid: `120px`, `max-content` does not line up; default `minmax(0, 1fr)`. */
  readonly width?: string;
  readonly align?: 'start' | 'end';
  /** Left out where there is not room for all columns side by side. */
  readonly isSpare?: boolean;
  /** What the column sorts by; without it the heading is plain text. `null` sorts last, either way. */
  readonly sortBy?: (row: Row) => SortKey;
  /** The cell that names the row, read out with each of its cells. The first column unless one says so. */
  readonly isRowHeader?: boolean;
}

export interface Sort {
  readonly column: string;
  readonly direction: 'ascending' | 'descending';
}

/** The sort after a press on a heading: ascending, then descending, then as before. */
export function nextSort(current: Sort | null, column: string): Sort | null {
  if (current?.column !== column) return { column, direction: 'ascending' };
  return current.direction === 'ascending' ? { column, direction: 'descending' } : null;
}

/** Rows in the order of a column, in the alphabet of the locale; equal rows keep their order. */
export function sortRows<Row>(
  rows: readonly Row[],
  sort: { readonly by: (row: Row) => SortKey; readonly direction: Sort['direction'] },
  locale: string,
): readonly Row[] {
  const collator = new Intl.Collator(locale, { numeric: true });
  const sign = sort.direction === 'ascending' ? 1 : -1;
  return rows
    .map((row) => ({ row, key: sort.by(row) }))
    .sort((a, b) => {
      if (a.key === null || b.key === null) return Number(a.key === null) - Number(b.key === null);
      if (typeof a.key === 'number' && typeof b.key === 'number') return sign * (a.key - b.key);
      return sign * collator.compare(String(a.key), String(b.key));
    })
    .map(({ row }) => row);
}

/** Tracks of the grid that all rows share. */
export function gridTemplate<Row>(columns: readonly Column<Row>[]): string {
  return columns.map(({ width }) => width ?? 'minmax(0, 1fr)').join(' ');
}

/** The column whose cell names the row. */
export function rowHeaderId<Row>(columns: readonly Column<Row>[]): string | undefined {
  return (columns.find((column) => column.isRowHeader === true) ?? columns[0])?.id;
}
