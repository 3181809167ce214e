import type { Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import type { ConflictView } from '../../../shared/contract/conflictViews.ts';
import { fieldSpec } from '../../../shared/domain/fields.ts';
import { codings, itemAnswerSchema } from '../../../shared/domain/kinds/assessment.ts';
import { kindSpec } from '../../../shared/domain/kinds.ts';
import type { Json } from '../../../shared/json.ts';
import { SegmentedControl } from '../../ui/field/SegmentedControl.tsx';
import { TextArea } from '../../ui/field/TextField.tsx';
import { useValueText } from '../cases/values.ts';

interface ResultFieldProps {
  readonly conflict: ConflictView;
  readonly value: Json;
  readonly onChange: (value: Json) => void;
  /** Where one writes, when there is such a place. */
  readonly inputRef: Ref<HTMLTextAreaElement>;
}

/**
 * The value that shall hold. Texts can be combined freely, an item's coding and note separately; what has a
 * fixed form (a date, a person, a level) is chosen among the versions.
 */
export function ResultField({ conflict, value, onChange, inputRef }: ResultFieldProps) {
  const { t } = useTranslation(['conflicts', 'common', 'assessments']);
  const valueText = useValueText();
  const answer = itemAnswerSchema.safeParse(value);
  if (answer.success) {
    return (
      <>
        <SegmentedControl
          aria-label={t('assessments:coding')}
          options={codings.map((coding) => ({ value: coding, label: t(`common:term.coding.${coding}`) }))}
          value={answer.data.coding}
          onChange={(coding) => onChange({ ...answer.data, coding })}
        />
        <TextArea
          label={t('assessments:note')}
          value={answer.data.note}
          onChange={(note) => onChange({ ...answer.data, note })}
          inputRef={inputRef}
        />
      </>
    );
  }
  if (acceptsFreeText(conflict)) {
    return (
      <TextArea
        label={t('conflicts:result')}
        value={typeof value === 'string' ? value : ''}
        onChange={(text) => onChange(text === '' ? null : text)}
        inputRef={inputRef}
      />
    );
  }
  return (
    <p>{value === null ? t('conflicts:emptyValue') : valueText(conflict.kind, conflict.field, value)}</p>
  );
}

/** A text field takes any words; an id, a date or an enumeration does not. */
export function acceptsFreeText({ kind, field }: Pick<ConflictView, 'kind' | 'field'>): boolean {
  const of = kindSpec(kind);
  const spec = of && fieldSpec(of, field);
  return spec?.schema instanceof z.ZodNullable && spec.schema.safeParse('\u2026 \u2026').success;
}
