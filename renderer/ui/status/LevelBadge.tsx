import { useTranslation } from 'react-i18next';
import type { ConcernLevel } from '../../../shared/domain/levels.ts';
import { ScreenReaderOnly } from '../text/Quiet.tsx';
import styles from './status.module.css';

/** Part of the disc that is filled; `null` draws the outline broken. */
const filled: Readonly<Record<ConcernLevel, string | null>> = {
  insufficient: null,
  low: 'M7 7 L7 1 A6 6 0 0 1 13 7 Z',
  moderate: 'M7 1 A6 6 0 0 1 7 13 Z',
  elevated: 'M7 7 L7 1 A6 6 0 1 1 1 7 Z',
  high: 'M7 1 A6 6 0 1 1 6.99 1 Z',
};

interface LevelShapeProps {
  readonly level: ConcernLevel | null;
}

/** The shape alone: a disc that fills as concern grows. Only beside its word. */
export function LevelShape({ level }: LevelShapeProps) {
  const part = level === null ? null : filled[level];
  return (
    <svg viewBox="0 0 14 14" className={styles.shape} aria-hidden="true" focusable="false">
      <circle
        cx="7"
        cy="7"
        r="6"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.6"
        {...(part === null && { strokeDasharray: level === null ? '1.2 2.57' : '3.4 1.31' })}
      />
      {part !== null && <path d={part} fill="currentColor" />}
      {level === 'insufficient' && <circle cx="7" cy="7" r="1.6" fill="currentColor" />}
    </svg>
  );
}

interface LevelBadgeProps extends LevelShapeProps {
  /** The separate flag; it is shown first and never instead of the level. */
  readonly isImminent?: boolean;
  /** Two devices disagree; the safer one is shown and marked. */
  readonly isContested?: boolean;
  /** `small` leaves the words of imminent danger to screen readers and the tooltip: for columns of a table. */
  readonly size?: 'small' | 'medium' | 'large';
}

/** The concern level as colour, shape and word together; `null` is a case without one yet. */
export function LevelBadge({
  level,
  isImminent = false,
  isContested = false,
  size = 'medium',
}: LevelBadgeProps) {
  const { t } = useTranslation('common');
  const name = level ?? 'open';
  return (
    <span className={styles.levels} data-size={size}>
      {isImminent && <ImminentBadge isShort={size === 'small'} />}
      <span className={styles.level} data-level={name} title={t(`levelLong.${name}`)}>
        <LevelShape level={level} />
        {t(`level.${name}`)}
        {isContested && <span className={styles.contested}>≠</span>}
      </span>
    </span>
  );
}

/** Imminent danger: an octagon, the word, and the strongest colour there is. */
export function ImminentBadge({ isShort = false }: { readonly isShort?: boolean }) {
  const { t } = useTranslation('common');
  return (
    <span className={styles.imminent} title={t('levelLong.imminent')} data-short={isShort || undefined}>
      <svg viewBox="0 0 14 14" className={styles.shape} aria-hidden="true" focusable="false">
        <path d="M4.3.5h5.4l3.8 3.8v5.4l-3.8 3.8H4.3L.5 9.7V4.3z" fill="currentColor" />
        <path d="M7 3.4v4.2M7 9.9v.6" stroke="var(--level-high)" strokeWidth="1.7" strokeLinecap="round" />
      </svg>
      {isShort ? <ScreenReaderOnly>{t('level.imminent')}</ScreenReaderOnly> : t('level.imminent')}
    </span>
  );
}
