import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../../i18n/useFormat.ts';
import { useCatalogue } from '../../state/reference.ts';

/** The name of a measure: its own title, else the catalogue's for its code. */
export function useMeasureTitle(): (
  code: string | null | undefined,
  title: string | null | undefined,
) => string {
  const { t } = useTranslation('measures');
  const language = useLanguage();
  const catalogue = useCatalogue();
  return useCallback(
    (code, title) => {
      if (title) return title;
      const entry = catalogue?.measures.measures.find((measure) => measure.code === code);
      return entry?.title[language] ?? code ?? t('custom');
    },
    [t, language, catalogue],
  );
}
