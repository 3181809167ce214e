import { useTranslation } from 'react-i18next';
import type { ConflictView } from '../../../shared/contract/views.ts';
import { removeRecord, restoreRecord, sendEdits } from '../../state/edit.ts';
import { useAction } from '../../state/useAction.ts';
import { Button } from '../../ui/button/Button.tsx';
import { ErrorNote } from '../../ui/feedback/ErrorNote.tsx';
import { toast } from '../../ui/feedback/toasts.ts';
import { FormActions } from '../../ui/field/Form.tsx';
import { Card } from '../../ui/layout/Card.tsx';

interface RemovalChoiceProps {
  readonly conflict: ConflictView;
  readonly onDone: () => void;
}

/** A record was removed by one and edited by another: it stays or it goes. */
export function RemovalChoice({ conflict, onDone }: RemovalChoiceProps) {
  const { t } = useTranslation('conflicts');
  const { caseId, recordId: record, kind, saw, recordTitle } = conflict;
  const save = useAction(sendEdits);
  const decide = async (value: boolean) => {
    const edit = value ? removeRecord({ record, kind }) : restoreRecord({ record, kind }, saw);
    if ((await save.run(caseId, edit)) === undefined) return;
    toast(t('resolved'));
    onDone();
  };
  return (
    <Card title={recordTitle ?? t('result')}>
      <ErrorNote error={save.error} />
      <FormActions>
        <Button tone="primary" onPress={() => void decide(false)} isPending={save.isPending}>
          {t('keep')}
        </Button>
        <Button tone="danger" onPress={() => void decide(true)} isPending={save.isPending}>
          {t('remove')}
        </Button>
      </FormActions>
    </Card>
  );
}
