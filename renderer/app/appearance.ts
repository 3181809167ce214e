import { useEffect, useState } from 'react';
import type { Language, Settings } from '../../shared/contract/views.ts';
import { preferredLanguage, switchLanguage } from '../i18n/language.ts';
import { useLanguage } from '../i18n/useFormat.ts';

/** The language of the settings, else the first offered one that the system prefers. */
export function wantedLanguage(settings: Settings, systemLanguages: readonly string[]): Language {
  return settings.language ?? preferredLanguage(systemLanguages);
}

/**
 * Keeps theme and language of the page as the settings say. Answers the language shown once it is the wanted
 * one for the first time, so that nothing flashes in another language at the start.
 */
export function useAppearance(settings: Settings | undefined): Language | null {
  const shown = useLanguage();
  const [isReady, setReady] = useState(false);
  const wanted = settings && wantedLanguage(settings, navigator.languages);
  const theme = settings?.theme;
  useEffect(() => {
    if (theme === undefined) return;
    // The system's theme applies when nothing overrides it; see ui/tokens.css.
    if (theme === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  }, [theme]);
  useEffect(() => {
    if (wanted === undefined) return;
    if (wanted === shown) setReady(true);
    else void switchLanguage(wanted);
  }, [wanted, shown]);
  return isReady ? shown : null;
}
