import { type ReactNode, useId } from 'react';
import { cx } from '../cx.ts';
import styles from './layout.module.css';

interface CardProps {
  readonly title?: string;
  /** Beside the title: a count, a state. */
  readonly note?: ReactNode;
  /** At the right end of the head: a control or a hint. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  /** `flush` for tables and lists that bring their own padding. */
  readonly padding?: 'normal' | 'flush';
  readonly tone?: 'normal' | 'danger' | 'chosen';
  readonly headingLevel?: 2 | 3;
}

/** A part of a screen with a name. Screen readers find it as a region by its title. */
export function Card(props: CardProps) {
  const { title, note, actions, children, padding = 'normal', tone = 'normal', headingLevel = 2 } = props;
  const id = useId();
  const Heading = `h${headingLevel}` as const;
  return (
    <section className={styles.card} data-tone={tone} {...(title !== undefined && { 'aria-labelledby': id })}>
      {title !== undefined && (
        <header className={styles.cardHead}>
          <Heading id={id} className={styles.cardTitle}>
            {title}
          </Heading>
          {note}
          <span className={styles.push}>{actions}</span>
        </header>
      )}
      <div className={cx(styles.cardBody, padding === 'flush' && styles.flush)}>{children}</div>
    </section>
  );
}
