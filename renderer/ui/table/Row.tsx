import { type KeyboardEvent, type MouseEvent, memo } from 'react';
import { type Column, rowHeaderId } from './columns.ts';
import styles from './table.module.css';

export interface RowProps<Row> {
  readonly row: Row;
  readonly columns: readonly Column<Row>[];
  readonly index: number;
  /** Rows that open something are stops of the keyboard; one of them is in the tab order. */
  readonly isTabStop: boolean;
  readonly isChosen: boolean;
  /** Distance from the top in px when the table is virtual. */
  readonly offset?: number;
  readonly onOpen?: ((row: Row) => void) | undefined;
  readonly onFocusRow: (index: number) => void;
  readonly onMove: (event: KeyboardEvent, from: number) => void;
}

function isControl(target: EventTarget): boolean {
  return (
    target instanceof Element && target.closest('button, a, input, select, textarea, [role="radio"]') !== null
  );
}

/** What makes a row a stop of the keyboard; nothing for rows that open nothing. */
function interaction<Row>({ row, index, isTabStop, onOpen, onFocusRow, onMove }: RowProps<Row>) {
  if (onOpen === undefined) return {};
  return {
    tabIndex: isTabStop ? 0 : -1,
    'data-interactive': true,
    onFocus: () => onFocusRow(index),
    onClick: (event: MouseEvent) => {
      if (!isControl(event.target)) onOpen(row);
    },
    onKeyDown: (event: KeyboardEvent) => {
      if (event.target !== event.currentTarget) return;
      if (event.key !== 'Enter' && event.key !== ' ') {
        onMove(event, index);
        return;
      }
      event.preventDefault();
      onOpen(row);
    },
  };
}

function RowInner<Row>(props: RowProps<Row>) {
  const { row, columns, index, isChosen, offset } = props;
  const headerId = rowHeaderId(columns);
  return (
    <tr
      className={styles.row}
      aria-rowindex={index + 2}
      data-row={index}
      data-chosen={isChosen || undefined}
      {...(offset !== undefined && { style: { transform: `translateY(${offset}px)` } })}
      {...interaction(props)}
    >
      {columns.map((column) =>
        column.id === headerId ? (
          <th key={column.id} scope="row" className={styles.cell} data-align={column.align}>
            {column.cell(row)}
          </th>
        ) : (
          <td key={column.id} className={styles.cell} data-align={column.align} data-label={column.header}>
            {column.cell(row)}
          </td>
        ),
      )}
    </tr>
  );
}

/** One row; drawn again only when something of it changed, which keeps 10 000 rows smooth. */
export const Row = memo(RowInner) as typeof RowInner;
