import { useTranslation } from 'react-i18next';
import type { InstrumentPrompt } from '../../../shared/instruments/schema.ts';
import { useLanguage } from '../../i18n/useFormat.ts';
import { Note } from '../../ui/feedback/Note.tsx';

/** What the instrument asks about these codings. A prompt never sets a level. */
export function PromptNotes({ prompts }: { readonly prompts: readonly InstrumentPrompt[] }) {
  const { t } = useTranslation('assessments');
  const language = useLanguage();
  return prompts.map((prompt) => (
    <Note
      key={prompt.id}
      tone={prompt.urgent ? 'danger' : 'warn'}
      {...(prompt.justifyBelow !== undefined && { title: t('promptTitle') })}
    >
      {prompt.text[language]}
    </Note>
  ));
}
