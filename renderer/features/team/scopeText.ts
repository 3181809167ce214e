import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { compartments, sections } from '../../../shared/domain/sections.ts';
import { useFormat } from '../../i18n/useFormat.ts';
import { useNowMs } from '../../i18n/useNowMs.ts';
import type { Typed } from '../../state/record.ts';

/** What an invitation opens, in a line: `Personen, Beobachtungen (schreiben) · bis 30.11.2026, 18:00`. */
export function useScopeText(): (values: Typed<'member'>['values']) => string {
  const { t } = useTranslation(['cases', 'common']);
  const format = useFormat();
  const nowMs = useNowMs();
  return useCallback(
    ({ role, sections: scope, compartments: open, until }) => {
      const named = sections.flatMap((section) => {
        const right = scope?.[section];
        if (right === undefined) return [];
        const name = t(`common:term.section.${section}`);
        return right === 'write' ? [t('cases:team.writes', { section: name })] : [name];
      });
      const isWhole = role === 'lead' || scope === null || scope === undefined;
      const names = compartments
        .filter((one) => role !== 'lead' && open?.includes(one))
        .map((one) => t(`common:term.compartment.${one}`));
      const time = until ? format.dateTime(until) : null;
      const isOver = until ? Date.parse(until) <= nowMs : false;
      return [
        isWhole ? t('cases:team.wholeCase') : format.list(named),
        ...(names.length > 0 ? [t('cases:team.sealedOpen', { names: format.list(names) })] : []),
        ...(time === null ? [] : [t(isOver ? 'cases:team.ended' : 'cases:team.until_at', { time })]),
      ].join(' · ');
    },
    [t, format, nowMs],
  );
}
