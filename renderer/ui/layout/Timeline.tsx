import type { ReactNode } from 'react';
import { Icon, type IconName } from '../icon/Icon.tsx';
import { DateTime } from '../text/DateTime.tsx';
import styles from './timeline.module.css';

export interface TimelineEntry {
  readonly id: string;
  /** ISO instant, or `YYYY-MM-DD`; `null` when not known. */
  readonly at: string | null;
  /** In place of a time that is not known exactly: "around 15 November". */
  readonly atNote?: string | undefined;
  readonly icon?: IconName;
  readonly title: ReactNode;
  readonly children?: ReactNode;
  readonly tone?: 'normal' | 'strong' | 'danger';
}

interface TimelineProps {
  /** Accessible name. */
  readonly label: string;
  /** In the order shown. */
  readonly entries: readonly TimelineEntry[];
}

/** What happened, in order. */
export function Timeline({ label, entries }: TimelineProps) {
  return (
    <ol className={styles.timeline} aria-label={label}>
      {entries.map((entry) => (
        <li key={entry.id} className={styles.entry} data-tone={entry.tone ?? 'normal'}>
          <span className={styles.when}>
            {entry.atNote ?? (entry.at !== null && <DateTime value={entry.at} show={showOf(entry.at)} />)}
          </span>
          <span className={styles.mark} aria-hidden="true">
            {entry.icon && <Icon name={entry.icon} size={14} />}
          </span>
          <div className={styles.what}>
            <div className={styles.title}>{entry.title}</div>
            {entry.children}
          </div>
        </li>
      ))}
    </ol>
  );
}

function showOf(at: string): 'day' | 'dateTime' {
  return at.length === 10 ? 'day' : 'dateTime';
}
