import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { type WarningBehaviour, warningBehaviours } from '../../../shared/domain/behaviours.ts';
import { itemsOf } from '../../../shared/instruments/schema.ts';
import { useLanguage } from '../../i18n/useFormat.ts';
import { useCatalogue } from '../../state/reference.ts';

/** What a measure acts on, in words: a warning behaviour (`leakage`) or an item (`workplace-judgement/grievance`). */
export function useDriverLabel(): (driver: string) => string {
  const { t } = useTranslation('common');
  const language = useLanguage();
  const catalogue = useCatalogue();
  return useCallback(
    (driver) => {
      if (warningBehaviours.some((behaviour) => behaviour === driver)) {
        return t(`term.behaviour.${driver as WarningBehaviour}`); // just looked up
      }
      const [instrumentId, itemId] = driver.split('/');
      const instrument = catalogue?.instruments.find(({ id }) => id === instrumentId);
      const item = instrument && itemsOf(instrument).find(({ id }) => id === itemId);
      return item?.title[language] ?? driver;
    },
    [t, language, catalogue],
  );
}
