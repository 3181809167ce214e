import type { ReactNode } from 'react';
import styles from './layout.module.css';

interface PageHeaderProps {
  /** The one h1 of the screen; it takes the focus when the screen opens. */
  readonly title: string;
  /** Above the title: number, kind, version. */
  readonly context?: ReactNode;
  /** Beside the title: a summary in a line. */
  readonly note?: ReactNode;
  /** Right of it: level, state. */
  readonly status?: ReactNode;
  readonly actions?: ReactNode;
}

/** Where one is and what one can do here. */
export function PageHeader({ title, context, note, status, actions }: PageHeaderProps) {
  return (
    <header className={styles.pageHead}>
      <div className={styles.pageNames}>
        {context !== undefined && <div className={styles.context}>{context}</div>}
        <div className={styles.titleLine}>
          <h1 tabIndex={-1} data-page-title>
            {title}
          </h1>
          {note !== undefined && <span className={styles.note}>{note}</span>}
        </div>
      </div>
      {status !== undefined && <div className={styles.status}>{status}</div>}
      {actions !== undefined && <div className={styles.pageActions}>{actions}</div>}
    </header>
  );
}
