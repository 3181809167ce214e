import { useTranslation } from 'react-i18next';
import type { CaseView } from '../../../shared/contract/views.ts';
import { sections } from '../../../shared/domain/sections.ts';
import { useFormat } from '../../i18n/useFormat.ts';
import { Note } from '../../ui/feedback/Note.tsx';

/** What of the case the person's invitation opens, and until when; nothing where all of it is open for good. */
export function RightsNote({ view }: { readonly view: CaseView }) {
  const { t } = useTranslation(['cases', 'common']);
  const format = useFormat();
  const { sections: scope, until, glass } = view.rights;
  const named = sections.filter((section) => scope?.[section] !== undefined);
  const names = format.list(named.map((section) => t(`common:term.section.${section}`)));
  const lines = [
    scope !== null && t('cases:rights.limited', { names }),
    until !== null && t('cases:rights.until', { time: format.dateTime(until) }),
    ...glass.map(({ compartment, until: end }) => {
      const name = t(`common:term.compartment.${compartment}`);
      return t('cases:sealed.openUntil', { name, time: format.dateTime(end) });
    }),
  ].filter((line) => line !== false);
  return lines.length === 0 ? null : <Note>{lines.join(' ')}</Note>;
}
