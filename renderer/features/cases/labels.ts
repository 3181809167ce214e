/** The words for kinds, fields and edits, for every screen that names them. */
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { HistoryEntry } from '../../../shared/contract/views.ts';
import { type KindName, kindSpec } from '../../../shared/domain/kinds.ts';
import { compartmentSchema } from '../../../shared/domain/sections.ts';
import { removedField } from '../../../shared/sync/change.ts';
import { useLanguage } from '../../i18n/useFormat.ts';
import { useCatalogue, useUserName } from '../../state/reference.ts';

export function useKindLabel(): (kind: string) => string {
  const { t } = useTranslation('cases');
  // A kind that only a newer program knows has no word here and is shown by its name.
  return useCallback((kind) => (kindSpec(kind) ? t(`kind.${kind as KindName}`) : kind), [t]);
}

/** `Titel`, `Merkmal „Fixierung“`: the word for a field, families included. */
export function useFieldLabel(): (field: string) => string {
  const { t, i18n } = useTranslation('cases');
  const language = useLanguage();
  const catalogue = useCatalogue();
  return useCallback(
    (field) => {
      if (field === removedField) return t('field.removed');
      const [name = field, item] = field.split('.');
      const word = i18n.exists(`cases:field.${name}`) ? t(`field.${name}` as 'field.title') : name;
      if (item === undefined) return word;
      const titles =
        catalogue?.instruments.flatMap(({ sections }) => sections.flatMap(({ items }) => items)) ?? [];
      const title = titles.find(({ id }) => id === item)?.title[language] ?? item;
      return name === 'item' ? title : `${word}: ${title}`;
    },
    [t, i18n, language, catalogue],
  );
}

/** One edit in a line: `Beobachtung angelegt`, `Fall geändert: Titel, Status`. */
export function useEntryText(): (entry: HistoryEntry) => string {
  const { t } = useTranslation(['cases', 'common']);
  const userName = useUserName();
  const kindLabel = useKindLabel();
  const fieldLabel = useFieldLabel();
  return useCallback(
    ({ op, kind, fields, withheld, user }) => {
      const what = kindLabel(kind);
      const compartment = compartmentSchema.safeParse(fields.compartment);
      if (kind === 'glass' && compartment.success) {
        const name = userName(user) ?? t('history.unknownUser');
        return t('sealed.brokenBy', { name, compartment: t(`common:term.compartment.${compartment.data}`) });
      }
      if (op === 'create') return t('history.created', { what });
      if (op === 'remove') return t('history.removed', { what });
      if (withheld) return t('history.updated', { what });
      const names = Object.keys(fields).map(fieldLabel).join(', ');
      return `${t('history.updated', { what })}: ${names}`;
    },
    [t, kindLabel, fieldLabel, userName],
  );
}
