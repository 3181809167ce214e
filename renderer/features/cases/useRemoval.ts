import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecordItem } from '../../../shared/contract/views.ts';
import { toTmaError } from '../../../shared/errors.ts';
import type { CaseId } from '../../../shared/ids.ts';
import { useErrorText } from '../../i18n/errorText.ts';
import { removeRecord, restoreRecord, sendEdits } from '../../state/edit.ts';
import { toast } from '../../ui/feedback/toasts.ts';
import { useKindLabel } from './labels.ts';

/** Removes a record and offers the way back. */
export function useRemoval(caseId: CaseId): (record: RecordItem) => Promise<void> {
  const { t } = useTranslation('cases');
  const kindLabel = useKindLabel();
  const errorText = useErrorText();
  return useCallback(
    async ({ id: record, kind }) => {
      const failed = (thrown: unknown) => toast(errorText(toTmaError(thrown)).title, { tone: 'danger' });
      try {
        const { changes } = await sendEdits(caseId, removeRecord({ record, kind }));
        toast(t('removedUndo', { what: kindLabel(kind) }), {
          undo: () => void sendEdits(caseId, restoreRecord({ record, kind }, changes)).catch(failed),
        });
      } catch (thrown) {
        failed(thrown);
      }
    },
    [caseId, t, kindLabel, errorText],
  );
}
