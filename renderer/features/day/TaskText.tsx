import { useTranslation } from 'react-i18next';
import type { DayTask } from '../../../shared/contract/views.ts';
import { useFieldLabel } from '../cases/labels.ts';
import { useMeasureTitle } from '../measures/useMeasureTitle.ts';

/** `Maßnahme · Zutrittskarte sperren, Werk 3` */
export function TaskText({ task }: { readonly task: DayTask }) {
  const { t } = useTranslation('day');
  return (
    <>
      <b>{t(`task.${task.type}`)}</b> · {useTaskDetail(task)}
    </>
  );
}

function useTaskDetail(task: DayTask): string {
  const { t } = useTranslation('day');
  const fieldLabel = useFieldLabel();
  const measureTitle = useMeasureTitle();
  switch (task.type) {
    case 'triage':
      return task.caseTitle;
    case 'reassess':
      return `${t('task.reassessText')} · ${task.caseTitle}`;
    case 'unsigned':
      return `${t('task.unsignedText')} · ${task.caseTitle}`;
    case 'measure':
      return `${measureTitle(task.detail, task.title)} · ${task.caseTitle}`;
    case 'conflict':
      return `${t('task.conflictText', { field: fieldLabel(task.detail ?? '') })} · ${task.caseTitle}`;
  }
}
