import { type KeyboardEvent, memo, type ReactNode } from 'react';
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
  readonly onFocusRow?: ((index: number) => void) | undefined;
}

function isControl(target: EventTarget): boolean {
  return (
    target instanceof Element && target.closest('button, a, input, select, textarea, [role="radio"]') !== null
  );
}

function RowInner<Row>(props: RowProps<Row>) {
  const { row, columns, index, isTabStop, isChosen, offset, onOpen, onFocusRow } = props;
  const headerId = rowHeaderId(columns);
  const interactive = onOpen !== undefined;
  const open = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || (event.key !== 'Enter' && event.key !== ' ')) return;
    event.preventDefault();
    onOpen?.(row);
  };
  return (
    <div
      role="row"
      className={styles.row}
      aria-rowindex={index + 2}
      data-row={index}
      data-chosen={isChosen || undefined}
      data-interactive={interactive || undefined}
      {...(offset !== undefined && { style: { transform: `translateY(${offset}px)` } })}
      {...(interactive && {
        tabIndex: isTabStop ? 0 : -1,
        onKeyDown: open,
        onFocus: () => onFocusRow?.(index),
        onClick: (event: { target: EventTarget }) => {
          if (!isControl(event.target)) onOpen(row);
        },
      })}
    >
      {columns.map((column) => (
        <Cell key={column.id} align={column.align} role={roleOf(column.id === headerId, interactive)}>
          {column.cell(row)}
        </Cell>
      ))}
    </div>
  );
}

function roleOf(isHeader: boolean, interactive: boolean): 'rowheader' | 'gridcell' | 'cell' {
  if (isHeader) return 'rowheader';
  return interactive ? 'gridcell' : 'cell';
}

interface CellProps {
  readonly role: 'rowheader' | 'gridcell' | 'cell';
  readonly align: Column<unknown>['align'];
  readonly children: ReactNode;
}

function Cell({ role, align, children }: CellProps) {
  return (
    <div role={role} className={styles.cell} data-align={align}>
      {children}
    </div>
  );
}

/** One row; drawn again only when something of it changed, which keeps 10 000 rows smooth. */
export const Row = memo(RowInner) as typeof RowInner;
