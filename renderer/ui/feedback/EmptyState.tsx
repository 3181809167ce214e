import type { ReactNode } from 'react';
import { Icon, type IconName } from '../icon/Icon.tsx';
import styles from './feedback.module.css';

interface EmptyStateProps {
  readonly title: string;
  /** What to do next, in a sentence. */
  readonly children?: ReactNode;
  readonly icon?: IconName;
  readonly actions?: ReactNode;
  /** It is the whole screen: the title is its h1. */
  readonly isPage?: boolean;
}

/** In place of a list with nothing in it. */
export function EmptyState({ title, children, icon, actions, isPage = false }: EmptyStateProps) {
  return (
    <div className={styles.empty}>
      {icon && <Icon name={icon} size={24} className={styles.emptyIcon} />}
      {isPage ? (
        <h1 className={styles.emptyTitle} tabIndex={-1} data-page-title>
          {title}
        </h1>
      ) : (
        <p className={styles.emptyTitle}>{title}</p>
      )}
      {children !== undefined && <p className={styles.emptyText}>{children}</p>}
      {actions !== undefined && <div className={styles.emptyActions}>{actions}</div>}
    </div>
  );
}
