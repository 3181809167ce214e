import { useTranslation } from 'react-i18next';
import { type ConcernLevel, concernLevels } from '../../../shared/domain/levels.ts';
import { useFormat } from '../../i18n/useFormat.ts';
import styles from './chart.module.css';
import { chartSteps, levelRow, plot, stepPath } from './steps.ts';

export interface LevelStep {
  /** ISO instant, or `YYYY-MM-DD`, from which the level held. */
  readonly at: string;
  readonly level: ConcernLevel;
}

/** The concern level over time as steps: each holds until the next was decided. Ordered by time. */
export function LevelChart({ steps }: { readonly steps: readonly LevelStep[] }) {
  const { t } = useTranslation('common');
  const format = useFormat();
  if (steps.length === 0) return <p className={styles.empty}>{t('chart.empty')}</p>;
  const points = chartSteps(steps.map(({ at, level }) => ({ atMs: Date.parse(at), level })));
  const words = steps.map(({ at, level }) =>
    t('chart.step', { date: format.day(at), level: t(`levelLong.${level}`) }),
  );
  return (
    <figure className={styles.figure}>
      <svg
        viewBox={`0 0 ${plot.width} ${plot.height}`}
        className={styles.chart}
        role="img"
        aria-label={t('chart.levels', { steps: format.list(words) })}
      >
        {concernLevels.map((level) => (
          <g key={level} className={styles.grid} data-level={level}>
            <line x1={plot.left} x2={plot.width} y1={levelRow(level)} y2={levelRow(level)} />
            <text x={plot.left - 8} y={levelRow(level)} dominantBaseline="central" textAnchor="end">
              {t(`level.${level}`)}
            </text>
          </g>
        ))}
        <path d={stepPath(points)} className={styles.line} />
        {points.map((point) => (
          <circle
            key={point.x}
            cx={point.x}
            cy={point.y}
            r="4"
            className={styles.point}
            data-level={point.level}
          />
        ))}
      </svg>
      <figcaption className={styles.caption} aria-hidden="true">
        <span>{format.day(steps[0]?.at ?? '')}</span>
        {steps.length > 1 && <span>{format.day(steps.at(-1)?.at ?? '')}</span>}
      </figcaption>
    </figure>
  );
}
