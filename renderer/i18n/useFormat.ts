import i18next from 'i18next';
import { useSyncExternalStore } from 'react';
import type { Language } from '../../shared/contract/views.ts';
import { createFormatter, type Formatter } from './format.ts';
import { isLanguage } from './language.ts';
import { useNowMs } from './useNowMs.ts';

function subscribe(listener: () => void): () => void {
  i18next.on('languageChanged', listener);
  return () => i18next.off('languageChanged', listener);
}

function shown(): Language {
  return isLanguage(i18next.language) ? i18next.language : 'de';
}

/** The language shown now. */
export function useLanguage(): Language {
  return useSyncExternalStore(subscribe, shown);
}

let latest: { readonly key: string; readonly formatter: Formatter } | undefined;

/** All of the window share one formatter: a table has a date in each of its rows. */
function formatterFor(language: Language, nowMs: number): Formatter {
  const key = `${language} ${nowMs}`;
  if (latest?.key !== key) {
    latest = { key, formatter: createFormatter(language, i18next.getFixedT(language, 'common'), nowMs) };
  }
  return latest.formatter;
}

/** A formatter for the language shown; the screen follows the clock. */
export function useFormat(): Formatter {
  return formatterFor(useLanguage(), useNowMs());
}
