/** The value of any field in words: for the history and for versions side by side. */
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { setEditSchema } from '../../../shared/domain/fields.ts';
import { itemAnswerSchema, signatureSchema } from '../../../shared/domain/kinds/assessment.ts';
import { readScope, type Scope, sections } from '../../../shared/domain/sections.ts';
import type { UserId } from '../../../shared/ids.ts';
import type { Json } from '../../../shared/json.ts';
import { useFormat } from '../../i18n/useFormat.ts';
import { useUserName } from '../../state/reference.ts';
import { useDriverLabel } from '../measures/drivers.ts';
import { useMeasureTitle } from '../measures/useMeasureTitle.ts';

const userFields = new Set(['lead', 'takenBy', 'owner', 'user', 'startedBy', 'by', 'addedBy']);
const dayFields = new Set(['due', 'reassessBy']);
/** Links to other records and the fine print of an instrument: nothing to read in a line. */
const unspoken = new Set(['about', 'previous', 'instrument', 'instrumentVersion']);
const isInstant = (text: string): boolean => /^\d{4}-\d\d-\d\dT/.test(text);

/** Groups of `common:term` whose words stand for the values of a field, by kind and field. */
const termGroups: Readonly<Record<string, string>> = {
  'case.status': 'term.caseStatus',
  'case.level': 'level',
  'case.triageOutcome': 'term.triageOutcome',
  'report.channel': 'term.channel',
  'report.behaviours': 'term.behaviour',
  'person.role': 'term.personRole',
  'observation.nature': 'term.nature',
  'observation.reliability': 'term.reliability',
  'observation.behaviours': 'term.behaviour',
  'assessment.level': 'level',
  'measure.status': 'term.measureStatus',
  'measure.effect': 'term.measureEffect',
  'member.role': 'term.caseRole',
  'member.compartments': 'term.compartment',
  'glass.compartment': 'term.compartment',
};

export function useValueText(): (kind: string, field: string, value: Json) => string {
  const { t, i18n } = useTranslation(['common', 'assessments', 'cases']);
  const format = useFormat();
  const userName = useUserName();
  const measureTitle = useMeasureTitle();
  const driverLabel = useDriverLabel();
  return useCallback(
    (kind, field, value) => {
      const word = (text: string): string => {
        const key = `common:${termGroups[`${kind}.${field}`] ?? ''}.${text}`;
        return i18n.exists(key) ? i18n.t(key as 'common:product') : text;
      };
      const scopeText = (scope: Scope | null): string => {
        if (scope === null) return t('cases:team.wholeCase');
        const named = sections.filter((section) => scope[section] !== undefined);
        return format.list(named.map((section) => t(`common:term.section.${section}`)));
      };
      const textOf = (single: Json): string => {
        if (single === null) return '–';
        if (typeof single === 'boolean') return t(single ? 'common:state.yes' : 'common:state.no');
        if (typeof single !== 'string') return String(single);
        if (userFields.has(field)) return userName(single as UserId) ?? single;
        if (dayFields.has(field)) return format.day(single);
        if (field === 'code') return measureTitle(single, null);
        if (field === 'driver') return driverLabel(single);
        return isInstant(single) ? format.dateTime(single) : word(single);
      };
      if (field.startsWith('evidence.') || unspoken.has(field)) return '';
      if (kind === 'member' && field === 'sections') return scopeText(readScope(value));
      const answer = itemAnswerSchema.safeParse(value);
      if (answer.success)
        return [t(`common:term.coding.${answer.data.coding}`), answer.data.note].filter(Boolean).join(': ');
      const signature = signatureSchema.safeParse(value);
      if (signature.success)
        return `${userName(signature.data.by) ?? ''} ${format.dateTime(signature.data.at)}`.trim();
      const edit = setEditSchema.safeParse(value);
      if (edit.success) return setText(edit.data, word);
      if (Array.isArray(value)) return format.list(value.map(textOf));
      return typeof value === 'object' && value !== null ? '' : textOf(value);
    },
    [t, i18n, format, userName, measureTitle, driverLabel],
  );
}

function setText(
  { add, remove }: { add: string[]; remove: string[] },
  word: (text: string) => string,
): string {
  return [
    ...add.map((element) => `+ ${word(element)}`),
    ...remove.map((element) => `− ${word(element)}`),
  ].join(', ');
}
