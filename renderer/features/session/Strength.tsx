import { Meter } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import styles from './session.module.css';

const steps = [1, 2, 3, 4] as const;

/** How strong a passphrase is, 0 to 4, as bars and a word. */
export function Strength({ value }: { readonly value: number }) {
  const { t } = useTranslation('session');
  const word = t(`strength.${value as 0 | 1 | 2 | 3 | 4}`); // the contract bounds it to 0 … 4
  return (
    <Meter
      className={styles.strength ?? ''}
      aria-label={t('strength.label')}
      value={value}
      maxValue={4}
      valueLabel={word}
    >
      <span className={styles.meter} aria-hidden="true">
        {steps.map((step) => (
          <span
            key={step}
            className={styles.bar}
            {...(step <= value && { 'data-on': value < 2 ? 'low' : 'good' })}
          />
        ))}
      </span>
      <span aria-hidden="true">{word}</span>
    </Meter>
  );
}
