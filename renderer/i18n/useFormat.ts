import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { createFormatter, type Formatter } from './format.ts';
import { isLanguage, type Language } from './language.ts';
import { useNowMs } from './useNowMs.ts';

/** The language shown now. */
export function useLanguage(): Language {
  const { i18n } = useTranslation('common');
  return isLanguage(i18n.language) ? i18n.language : 'de';
}

/** A formatter for the language shown; the screen follows the clock minute by minute. */
export function useFormat(): Formatter {
  const { t } = useTranslation('common');
  const language = useLanguage();
  const nowMs = useNowMs();
  return useMemo(() => createFormatter(language, t, nowMs), [language, t, nowMs]);
}
