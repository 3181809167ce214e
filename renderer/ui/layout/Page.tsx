import type { ReactNode } from 'react';
import styles from './layout.module.css';

/** The body of a screen: parts one below the other on the desk. */
export function Page({
  children,
  width = 'full',
}: {
  readonly children: ReactNode;
  readonly width?: 'full' | 'text';
}) {
  return (
    <div className={styles.page} data-width={width}>
      {children}
    </div>
  );
}

interface ColumnsProps {
  readonly children: ReactNode;
  /** `side` puts a narrow column at the right, `even` shares the room. */
  readonly layout?: 'side' | 'even';
}

/** Columns that fall below each other when there is no room (also at 200 % zoom). */
export function Columns({ children, layout = 'side' }: ColumnsProps) {
  return (
    <div className={styles.columns} data-layout={layout}>
      {children}
    </div>
  );
}

interface StackProps {
  readonly children: ReactNode;
  readonly gap?: 1 | 2 | 3 | 4 | 5;
  readonly direction?: 'down' | 'across';
}

/** Things one below or beside the other, with a step of the grid between them. */
export function Stack({ children, gap = 4, direction = 'down' }: StackProps) {
  return (
    <div className={styles.stack} data-direction={direction} style={{ gap: `var(--s-${gap})` }}>
      {children}
    </div>
  );
}
