import { useTranslation } from 'react-i18next';
import type { DayTask } from '../../../shared/contract/views.ts';
import { Quiet } from '../../ui/text/Quiet.tsx';
import { useFieldLabel } from '../cases/labels.ts';
import { useMeasureTitle } from '../measures/useMeasureTitle.ts';
import styles from './day.module.css';

/** `Maßnahme · Zutrittskarte sperren`, and below it the case. */
export function TaskText({ task }: { readonly task: DayTask }) {
  const { t } = useTranslation('day');
  const detail = useTaskDetail(task);
  return (
    <span className={styles.task}>
      <span>
        <b>{t(`task.${task.type}`)}</b>
        {detail !== null && ` · ${detail}`}
      </span>
      <Quiet>
        {task.number ?? t('numberPending')} · {task.caseTitle}
      </Quiet>
    </span>
  );
}

function useTaskDetail(task: DayTask): string | null {
  const { t } = useTranslation('day');
  const fieldLabel = useFieldLabel();
  const measureTitle = useMeasureTitle();
  switch (task.type) {
    case 'triage':
      return null;
    case 'reassess':
      return t('task.reassessText');
    case 'unsigned':
      return t('task.unsignedText');
    case 'measure':
      return measureTitle(task.detail, task.title);
    case 'conflict':
      return t('task.conflictText', { field: fieldLabel(task.detail ?? '') });
  }
}
