import { Button as AriaButton } from 'react-aria-components';
import { Icon } from '../icon/Icon.tsx';
import { ScreenReaderOnly } from '../text/Quiet.tsx';
import { type Column, nextSort, type Sort } from './columns.ts';
import styles from './table.module.css';

interface HeaderRowProps<Row> {
  readonly columns: readonly Column<Row>[];
  readonly sort: Sort | null;
  readonly onSort: (sort: Sort | null) => void;
}

/** The headings; those that sort are buttons and say how the table is sorted. */
export function HeaderRow<Row>({ columns, sort, onSort }: HeaderRowProps<Row>) {
  return (
    <tr className={styles.head} aria-rowindex={1}>
      {columns.map((column) => {
        const direction = sort?.column === column.id ? sort.direction : undefined;
        return (
          <th
            key={column.id}
            scope="col"
            className={styles.heading}
            data-align={column.align}
            {...(column.sortBy && { 'aria-sort': direction ?? 'none' })}
          >
            <Heading
              column={column}
              direction={direction}
              onPress={() => onSort(nextSort(sort, column.id))}
            />
          </th>
        );
      })}
    </tr>
  );
}

interface HeadingProps<Row> {
  readonly column: Column<Row>;
  readonly direction: Sort['direction'] | undefined;
  readonly onPress: () => void;
}

function Heading<Row>({ column, direction, onPress }: HeadingProps<Row>) {
  if (column.isHeaderHidden === true) return <ScreenReaderOnly>{column.header}</ScreenReaderOnly>;
  if (!column.sortBy) return column.header;
  return (
    <AriaButton className={styles.sort ?? ''} onPress={onPress}>
      {column.header}
      <Icon
        name={direction === 'descending' ? 'arrowDown' : 'arrowUp'}
        size={12}
        className={direction === undefined ? styles.unsorted : undefined}
      />
    </AriaButton>
  );
}
