import { useRef } from 'react';
import { gridTemplate } from './columns.ts';
import { HeaderRow } from './HeaderRow.tsx';
import { Row } from './Row.tsx';
import styles from './table.module.css';
import { useRoom } from './useRoom.ts';
import { type TableProps, useRowNavigation, useSort } from './useTable.ts';

const perPage = 10;

/** A dense table for up to about a hundred rows; it is as high as its rows. More take `VirtualTable`. */
export function Table<RowData>(props: TableProps<RowData>) {
  const { label, rowKey, onOpen, chosen } = props;
  const table = useRef<HTMLTableElement>(null);
  const body = useRef<HTMLTableSectionElement>(null);
  const { columns, isNarrow } = useRoom(table, props.columns);
  const { sort, setSort, sorted } = useSort(props);
  const { active, setActive, onMove } = useRowNavigation({ count: sorted.length, perPage, body });
  return (
    <table
      ref={table}
      data-narrow={isNarrow || undefined}
      {...(onOpen && { role: 'grid' })}
      aria-label={label}
      aria-rowcount={sorted.length + 1}
      className={styles.table}
      style={{ '--columns': gridTemplate(columns) } as Record<string, string>}
    >
      <thead>
        <HeaderRow columns={columns} sort={sort} onSort={setSort} />
      </thead>
      <tbody ref={body}>
        {sorted.map((row, index) => (
          <Row
            key={rowKey(row)}
            row={row}
            columns={columns}
            index={index}
            isTabStop={index === active}
            isChosen={chosen !== undefined && rowKey(row) === chosen}
            onOpen={onOpen}
            onFocusRow={setActive}
            onMove={onMove}
          />
        ))}
      </tbody>
    </table>
  );
}
