import { useTranslation } from 'react-i18next';
import { languages } from '../../../shared/contract/views.ts';
import { client } from '../../app/client.ts';
import { useLanguage } from '../../i18n/useFormat.ts';
import { useAction } from '../../state/useAction.ts';
import { SegmentedControl } from '../../ui/field/SegmentedControl.tsx';

const setLanguage = (language: (typeof languages)[number]) => client.call('settings.set', { language });

/** German or English, at once and also before anyone has signed in. */
export function LanguageSwitch() {
  const { t } = useTranslation('settings');
  const change = useAction(setLanguage);
  return (
    <SegmentedControl
      aria-label={t('language')}
      options={languages.map((language) => ({ value: language, label: t(`languageName.${language}`) }))}
      value={useLanguage()}
      onChange={(language) => void change.run(language)}
    />
  );
}
