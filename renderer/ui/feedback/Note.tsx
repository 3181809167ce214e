import type { ReactNode } from 'react';
import { Icon } from '../icon/Icon.tsx';
import styles from './feedback.module.css';

export type NoteTone = 'info' | 'warn' | 'danger' | 'ok';

interface NoteProps {
  readonly tone?: NoteTone;
  /** The point in two or three words. */
  readonly title?: string;
  readonly children?: ReactNode;
  /** Buttons that answer it. */
  readonly actions?: ReactNode;
  /** Read out as soon as it appears: for what follows from an action just taken. */
  readonly isLive?: boolean;
}

const icons = { info: 'info', warn: 'warn', danger: 'danger', ok: 'done' } as const;

/** Something to know at the place where it matters. Colour, picture and words together carry the tone. */
export function Note({ tone = 'info', title, children, actions, isLive = false }: NoteProps) {
  const role = isLive ? (tone === 'danger' ? 'alert' : 'status') : undefined;
  return (
    <div className={styles.note} data-tone={tone} role={role}>
      <Icon name={icons[tone]} size={18} className={styles.noteIcon} />
      <div className={styles.noteText}>
        {title !== undefined && <b>{title} </b>}
        {children}
      </div>
      {actions !== undefined && <div className={styles.noteActions}>{actions}</div>}
    </div>
  );
}
