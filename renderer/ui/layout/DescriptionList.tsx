import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './layout.module.css';

export interface Description {
  readonly term: string;
  /** `null` or empty shows "not stated": a gap is information. */
  readonly value: ReactNode;
}

interface DescriptionListProps {
  readonly items: readonly Description[];
  /** `rows` puts the term left of its value, `stacked` above it, in columns. */
  readonly layout?: 'rows' | 'stacked';
}

/** Facts about one thing, each with its name. */
export function DescriptionList({ items, layout = 'rows' }: DescriptionListProps) {
  const { t } = useTranslation('common');
  return (
    <dl className={styles.facts} data-layout={layout}>
      {items.map(({ term, value }) => (
        <div key={term} className={styles.fact}>
          <dt>{term}</dt>
          <dd>
            {value === null || value === undefined || value === '' ? (
              <span className={styles.gap}>{t('state.none')}</span>
            ) : (
              value
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
