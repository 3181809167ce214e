import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useRef } from 'react';
import { gridTemplate } from './columns.ts';
import { HeaderRow } from './HeaderRow.tsx';
import { Row } from './Row.tsx';
import styles from './table.module.css';
import { useRoom } from './useRoom.ts';
import { type TableProps, useRowNavigation, useSort } from './useTable.ts';

const rowHeight = 40;
/** For three lines: the name of the row and two with the rest. */
const narrowRowHeight = 76;
const headHeight = 33;
const overscan = 8;

/**
 * A table of any length that draws only the rows in view. It takes the height the window has and scrolls
 * inside, under a heading that stays. All rows have one height. The row with the focus stays in the document wherever
 * the table is scrolled to, so the focus is never lost.
 */
export function VirtualTable<RowData>(props: TableProps<RowData>) {
  const { label, rowKey, onOpen, chosen } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const activeRow = useRef(0);
  const { sort, setSort, sorted } = useSort(props);
  const { columns, isNarrow } = useRoom(scroller, props.columns);
  const height = isNarrow ? narrowRowHeight : rowHeight;
  const virtualizer = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan,
    scrollPaddingStart: headHeight,
    rangeExtractor: useCallback(
      (range: Range) => withActive(defaultRangeExtractor(range), activeRow.current),
      [],
    ),
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another height is the reason to measure
  useEffect(() => virtualizer.measure(), [virtualizer, height]);
  const reveal = useCallback(
    (index: number) => {
      activeRow.current = index;
      virtualizer.scrollToIndex(index, { align: 'auto' });
    },
    [virtualizer],
  );
  const perPage = Math.max(
    1,
    Math.floor(((scroller.current?.clientHeight ?? 480) - headHeight) / height) - 1,
  );
  const nav = useRowNavigation({ count: sorted.length, perPage, body: scroller, reveal });
  activeRow.current = nav.active;
  return (
    <div
      ref={scroller}
      className={styles.virtual}
      data-narrow={isNarrow || undefined}
      {...(!onOpen && { tabIndex: 0 })}
    >
      <table
        {...(onOpen && { role: 'grid' })}
        aria-label={label}
        aria-rowcount={sorted.length + 1}
        className={styles.tall}
        style={{ '--columns': gridTemplate(columns) } as Record<string, string>}
      >
        <thead className={styles.sticky}>
          <HeaderRow columns={columns} sort={sort} onSort={setSort} />
        </thead>
        <tbody className={styles.canvas} style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ index, start }) => {
            const row = sorted[index];
            if (row === undefined) return null;
            return (
              <Row
                key={rowKey(row)}
                row={row}
                columns={columns}
                index={index}
                offset={start}
                isTabStop={index === nav.active}
                isChosen={chosen !== undefined && rowKey(row) === chosen}
                onOpen={onOpen}
                onFocusRow={nav.setActive}
                onMove={nav.onMove}
              />
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function withActive(indexes: number[], active: number): number[] {
  return indexes.includes(active) ? indexes : [...indexes, active].sort((a, b) => a - b);
}
