import { useTranslation } from 'react-i18next';
import { codingChanges, confidences, type ItemAnswer } from '../../../shared/domain/kinds/assessment.ts';
import type { InstrumentItem } from '../../../shared/instruments/schema.ts';
import type { LocalText } from '../../../shared/instruments/text.ts';
import { useLanguage } from '../../i18n/useFormat.ts';
import { DateField } from '../../ui/field/DateField.tsx';
import { Select } from '../../ui/field/Select.tsx';
import { TextArea } from '../../ui/field/TextField.tsx';
import { Card } from '../../ui/layout/Card.tsx';
import { Stack } from '../../ui/layout/Page.tsx';
import styles from './assessment.module.css';

interface ItemDetailProps {
  readonly item: InstrumentItem;
  readonly answer: ItemAnswer | null;
  readonly isReadOnly: boolean;
  readonly onChange: (part: Partial<ItemAnswer>, when: 'now' | 'soon') => void;
  /** A text was left: store it now. */
  readonly onLeave: () => void;
}

/** The chosen item: what has changed, how sure one is, and on what it rests. */
export function ItemDetail({ item, answer, isReadOnly, onChange, onLeave }: ItemDetailProps) {
  const { t } = useTranslation(['assessments', 'common']);
  const language = useLanguage();
  return (
    <Card title={item.title[language]} headingLevel={2}>
      <Stack gap={3}>
        {item.answer === 'coding' && (
          <>
            <div className={styles.pair}>
              <Select
                label={t('assessments:change')}
                options={codingChanges.map((value) => ({
                  value,
                  label: t(`common:term.codingChange.${value}`),
                }))}
                value={answer?.change ?? null}
                isDisabled={isReadOnly}
                onChange={(change) => onChange({ change }, 'now')}
              />
              <Select
                label={t('assessments:confidence')}
                options={confidences.map((value) => ({ value, label: t(`common:term.confidence.${value}`) }))}
                value={answer?.confidence ?? null}
                isDisabled={isReadOnly}
                onChange={(confidence) => onChange({ confidence }, 'now')}
              />
            </div>
            <DateField
              label={t('assessments:lastObserved')}
              value={answer?.lastObserved ?? null}
              isDisabled={isReadOnly}
              onChange={(lastObserved) => onChange({ lastObserved }, 'now')}
            />
          </>
        )}
        <TextArea
          label={t('assessments:note')}
          help={t('assessments:noteHint')}
          lines={2}
          value={answer?.note ?? ''}
          isReadOnly={isReadOnly}
          onChange={(note) => onChange({ note }, 'soon')}
          onBlur={onLeave}
        />
        <Guidance item={item} />
      </Stack>
    </Card>
  );
}

function Guidance({ item }: { readonly item: InstrumentItem }) {
  const { t } = useTranslation('assessments');
  const language = useLanguage();
  const { explanation, indicators, notCounted, questions } = item.guidance;
  return (
    <details>
      <summary className={styles.summary}>{t('guidance')}</summary>
      <div className={styles.guidance}>
        <p>{explanation[language]}</p>
        <Points title={t('indicators')} texts={indicators} />
        <Points title={t('notCounted')} texts={notCounted} />
        <Points title={t('questions')} texts={questions} />
      </div>
    </details>
  );
}

function Points({ title, texts }: { readonly title: string; readonly texts: readonly LocalText[] }) {
  const language = useLanguage();
  return (
    <div>
      <h4>{title}</h4>
      <ul>
        {texts.map((text) => (
          <li key={text.en}>{text[language]}</li>
        ))}
      </ul>
    </div>
  );
}
