import { useEffect, useState } from 'react';
import { ProgressBar as AriaProgressBar, Label } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/useFormat.ts';
import styles from './feedback.module.css';

/** Nothing is shown for what takes less than this. */
const usualPatienceMs = 100;

/** True once `patienceMs` have passed: what is quick shows no sign of waiting. */
export function usePatience(isWaiting: boolean, patienceMs = usualPatienceMs): boolean {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    if (!isWaiting) {
      setOver(false);
      return;
    }
    const timer = setTimeout(() => setOver(true), patienceMs);
    return () => clearTimeout(timer);
  }, [isWaiting, patienceMs]);
  return isWaiting && isOver;
}

interface SkeletonProps {
  /** Lines of text, or rows of a list. */
  readonly lines?: number;
  readonly shape?: 'text' | 'rows';
}

/** The outline of what is coming, for waits of a tenth of a second to one second. */
export function Skeleton({ lines = 3, shape = 'text' }: SkeletonProps) {
  const { t } = useTranslation('common');
  const isShown = usePatience(true);
  if (!isShown) return null;
  return (
    <div className={styles.skeleton} data-shape={shape} role="status" aria-label={t('state.loading')}>
      {Array.from({ length: lines }, (_, line) => line).map((line) => (
        <span key={line} className={styles.bone} />
      ))}
    </div>
  );
}

interface ProgressBarProps {
  readonly label: string;
  readonly done: number;
  /** Unknown while `null`. */
  readonly total: number | null;
  /** Shows the counts as text; `false` for a bare bar. */
  readonly showCounts?: boolean;
  /** What is counted. */
  readonly unit?: 'things' | 'bytes';
}

/** How far something long has come, with counts. */
export function ProgressBar({ label, done, total, showCounts = true, unit = 'things' }: ProgressBarProps) {
  const { t } = useTranslation('common');
  const format = useFormat();
  const show = unit === 'bytes' ? format.bytes : format.number;
  const counts = total === null ? '' : t('progress.of', { done: show(done), total: show(total) });
  const percent = total === null || total === 0 ? 0 : Math.min(100, (done / total) * 100);
  return (
    <AriaProgressBar
      className={styles.progress ?? ''}
      value={done}
      minValue={0}
      maxValue={Math.max(total ?? 1, 1)}
      isIndeterminate={total === null}
      valueLabel={counts}
    >
      <Label className={styles.progressLabel ?? ''}>{label}</Label>
      {showCounts && <span className={styles.progressCounts}>{counts}</span>}
      <span className={styles.progressTrack}>
        <span
          className={styles.progressFill}
          data-indeterminate={total === null || undefined}
          style={{ width: total === null ? '30%' : `${percent}%` }}
        />
      </span>
    </AriaProgressBar>
  );
}
