import { useTranslation } from 'react-i18next';
import { compareAssessments, type ItemComparison } from '../../../shared/instruments/compare.ts';
import { type Instrument, itemsOf } from '../../../shared/instruments/schema.ts';
import { useLanguage } from '../../i18n/useFormat.ts';
import type { Typed } from '../../state/record.ts';
import { Card } from '../../ui/layout/Card.tsx';
import { Stack } from '../../ui/layout/Page.tsx';
import { Quiet } from '../../ui/text/Quiet.tsx';
import styles from './assessment.module.css';
import { ratingOf } from './rating.ts';

interface SinceLastCardProps {
  readonly instrument: Instrument;
  /** The signed assessment this one continues. */
  readonly previous: Typed<'assessment'> | null;
  readonly current: Typed<'assessment'>;
}

/** Codings that differ from the assessment before. */
export function SinceLastCard({ instrument, previous, current }: SinceLastCardProps) {
  const { t } = useTranslation('assessments');
  const changed =
    previous === null
      ? []
      : compareAssessments(ratingOf(previous), ratingOf(current)).filter(({ changed: what }) =>
          what.includes('coding'),
        );
  return (
    <Card title={t('sinceLast')}>
      {previous === null ? (
        <Quiet>{t('noPrevious')}</Quiet>
      ) : changed.length === 0 ? (
        <Quiet>{t('noDifference')}</Quiet>
      ) : (
        <Stack gap={2}>
          {changed.map((item) => (
            <Comparison key={item.itemId} item={item} instrument={instrument} />
          ))}
        </Stack>
      )}
    </Card>
  );
}

function Comparison({
  item,
  instrument,
}: {
  readonly item: ItemComparison;
  readonly instrument: Instrument;
}) {
  const { t } = useTranslation(['assessments', 'common']);
  const language = useLanguage();
  const title = itemsOf(instrument).find(({ id }) => id === item.itemId)?.title[language] ?? item.itemId;
  const word = (answer: ItemComparison['before']) =>
    answer === null ? t('assessments:notCoded') : t(`common:term.coding.${answer.coding}`);
  return (
    <div className={styles.compare}>
      <span>{title}</span>
      <Quiet>{word(item.before)}</Quiet>
      <span aria-hidden="true">→</span>
      <b>{word(item.after)}</b>
    </div>
  );
}
