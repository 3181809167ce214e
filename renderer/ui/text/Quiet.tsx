import type { ReactNode } from 'react';
import styles from './text.module.css';

/** Secondary text beside what matters. */
export function Quiet({ children }: { readonly children: ReactNode }) {
  return <span className={styles.quiet}>{children}</span>;
}

/** Text for screen readers only. */
export function ScreenReaderOnly({ children }: { readonly children: ReactNode }) {
  return <span className={styles.srOnly}>{children}</span>;
}
