/** The languages of the product and the switch between them, without a restart. */
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Language } from '../../shared/contract/views.ts';
import './types.ts';

/** The locale that dates, numbers and React Aria's own texts follow. */
export const localeOf: Readonly<Record<Language, string>> = { de: 'de-DE', en: 'en-GB' };

const load = {
  de: () => import('./catalogue.de.ts'),
  en: () => import('./catalogue.en.ts'),
} as const;

export function isLanguage(value: unknown): value is Language {
  return typeof value === 'string' && Object.hasOwn(localeOf, value);
}

/** The first offered language among those the system prefers; German where none is offered. */
export function preferredLanguage(wanted: readonly string[]): Language {
  return wanted.map((tag) => tag.slice(0, 2).toLowerCase()).find(isLanguage) ?? 'de';
}

/** Starts i18next with one language; resolves when every text of it is there, so nothing shows a key. */
export async function startI18n(language: Language): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    defaultNS: 'common',
    resources: { [language]: (await load[language]()).catalogue },
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
  });
  announce(language);
}

/** Changes the language of the running program: texts, formats and the page's `lang`. */
export async function switchLanguage(language: Language): Promise<void> {
  if (!i18next.hasResourceBundle(language, 'common')) {
    for (const [namespace, texts] of Object.entries((await load[language]()).catalogue)) {
      i18next.addResourceBundle(language, namespace, texts);
    }
  }
  await i18next.changeLanguage(language);
  announce(language);
}

function announce(language: Language): void {
  document.documentElement.lang = language;
}
