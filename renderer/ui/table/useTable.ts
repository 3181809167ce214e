import { type KeyboardEvent, type RefObject, useCallback, useMemo, useState } from 'react';
import { useFormat } from '../../i18n/useFormat.ts';
import { type Column, type Sort, sortRows } from './columns.ts';
import { rowAfterKey } from './rowKeys.ts';

export interface TableProps<Row> {
  /** Accessible name. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  /** Opens a row by click, Enter or space; rows are then reached with the arrow keys. */
  readonly onOpen?: (row: Row) => void;
  /** Key of the row to mark as chosen. */
  readonly chosen?: string | null;
  readonly initialSort?: Sort;
}

/** Rows in their order, and the heading's sort. */
export function useSort<Row>({ columns, rows, initialSort }: TableProps<Row>) {
  const { locale } = useFormat();
  const [sort, setSort] = useState<Sort | null>(initialSort ?? null);
  const sorted = useMemo(() => {
    const by = columns.find((column) => column.id === sort?.column)?.sortBy;
    return sort === null || by === undefined
      ? rows
      : sortRows(rows, { by, direction: sort.direction }, locale);
  }, [columns, rows, sort, locale]);
  return { sort, setSort, sorted };
}

interface NavigationOptions {
  readonly count: number;
  readonly perPage: number;
  readonly body: RefObject<HTMLElement | null>;
  /** Brings a row into the document and into view before it takes the focus. */
  readonly reveal?: (index: number) => void;
}

/** One row is in the tab order; arrow keys, page keys, Home and End move it. */
export function useRowNavigation({ count, perPage, body, reveal }: NavigationOptions) {
  const [active, setActive] = useState(0);
  const current = Math.min(active, Math.max(count - 1, 0));
  const onMove = useCallback(
    (event: KeyboardEvent, from: number) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const to = rowAfterKey(event.key, from, { count, perPage });
      if (to === undefined) return;
      event.preventDefault();
      setActive(to);
      reveal?.(to);
      // The row may be drawn only by this move, so the focus follows in the next frame.
      requestAnimationFrame(() => body.current?.querySelector<HTMLElement>(`[data-row="${to}"]`)?.focus());
    },
    [count, perPage, body, reveal],
  );
  return { active: current, setActive, onMove };
}
