import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Compartment } from '../../../shared/domain/sections.ts';
import type { CaseId } from '../../../shared/ids.ts';
import { createRecord, sendEdits } from '../../state/edit.ts';
import { orNull } from '../../state/record.ts';
import { useSession } from '../../state/session.ts';
import { useAction } from '../../state/useAction.ts';
import { Button } from '../../ui/button/Button.tsx';
import { ErrorNote } from '../../ui/feedback/ErrorNote.tsx';
import { toast } from '../../ui/feedback/toasts.ts';
import { Form, FormActions } from '../../ui/field/Form.tsx';
import { TextArea } from '../../ui/field/TextField.tsx';
import { Dialog } from '../../ui/overlay/Dialog.tsx';
import { Quiet } from '../../ui/text/Quiet.tsx';

interface BreakGlassDialogProps {
  readonly caseId: CaseId;
  readonly compartment: Compartment;
  readonly onClose: () => void;
}

/** Opens a sealed part to this person for some hours: says who will see it, and asks why. */
export function BreakGlassDialog({ caseId, compartment, onClose }: BreakGlassDialogProps) {
  const { t } = useTranslation(['cases', 'common']);
  const session = useSession();
  const [reason, setReason] = useState('');
  const [wasSubmitted, setSubmitted] = useState(false);
  const save = useAction(sendEdits);
  const title = t('cases:sealed.dialogTitle', { name: t(`common:term.compartment.${compartment}`) });
  const isMissing = orNull(reason) === null;
  const submit = async () => {
    setSubmitted(true);
    const by = session?.user?.id;
    if (isMissing || by === undefined) return;
    const values = { compartment, reason: reason.trim(), at: new Date().toISOString(), by };
    const saved = await save.run(caseId, createRecord('glass', values));
    if (saved === undefined) return;
    toast(t('cases:sealed.requested'));
    onClose();
  };
  return (
    <Dialog title={title} isOpen onClose={onClose} isModalOnly size="small">
      <Form onSubmit={() => void submit()} aria-label={title}>
        <Quiet>{t('cases:sealed.dialogText')}</Quiet>
        <TextArea
          label={t('cases:sealed.reason')}
          help={t('cases:sealed.reasonHint')}
          value={reason}
          onChange={setReason}
          error={wasSubmitted && isMissing ? t('cases:sealed.missingReason') : undefined}
          isDisabled={save.isPending}
          lines={3}
          isRequired
          autoFocus
        />
        <ErrorNote error={save.error} />
        <FormActions>
          <Button type="submit" tone="danger" isPending={save.isPending}>
            {t('cases:sealed.submit')}
          </Button>
          <Button onPress={onClose} isDisabled={save.isPending}>
            {t('common:action.cancel')}
          </Button>
        </FormActions>
      </Form>
    </Dialog>
  );
}
