import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { orNull } from '../../state/record.ts';
import { useAction } from '../../state/useAction.ts';
import { Button } from '../../ui/button/Button.tsx';
import { ErrorNote } from '../../ui/feedback/ErrorNote.tsx';
import { toast } from '../../ui/feedback/toasts.ts';
import { Form, FormActions } from '../../ui/field/Form.tsx';
import { TextArea } from '../../ui/field/TextField.tsx';
import { Dialog } from '../../ui/overlay/Dialog.tsx';
import { Quiet } from '../../ui/text/Quiet.tsx';

interface ReasonDialogProps {
  readonly what: 'export' | 'remove';
  /** Answers whether it was done; the person may still think better of it. */
  readonly act: (reason: string) => Promise<{ readonly saved: boolean }>;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

const texts = {
  export: {
    title: 'exportTitle',
    text: 'exportText',
    reason: 'reason',
    hint: 'reasonHint',
    submit: 'exportSubmit',
    done: 'exported',
    tone: 'primary',
  },
  remove: {
    title: 'removeTitle',
    text: 'removeText',
    reason: 'removeReason',
    hint: 'removeReasonHint',
    submit: 'removeSubmit',
    done: 'removed',
    tone: 'danger',
  },
} as const;

/** Nothing leaves a case without a reason: says what will happen, and asks for it. */
export function ReasonDialog({ what, act, onDone, onClose }: ReasonDialogProps) {
  const { t } = useTranslation(['evidence', 'common']);
  const [reason, setReason] = useState('');
  const [wasSubmitted, setSubmitted] = useState(false);
  const { run, isPending, error } = useAction(act);
  const { title, text, submit, done, tone, ...field } = texts[what];
  const isMissing = orNull(reason) === null;
  const leave = async () => {
    setSubmitted(true);
    if (isMissing) return;
    const answer = await run(reason);
    if (answer?.saved !== true) return;
    toast(t(`evidence:${done}`));
    onDone();
  };
  return (
    <Dialog title={t(`evidence:${title}`)} isOpen onClose={onClose} isModalOnly size="small">
      <Form onSubmit={() => void leave()} aria-label={t(`evidence:${title}`)}>
        <Quiet>{t(`evidence:${text}`)}</Quiet>
        <TextArea
          label={t(`evidence:${field.reason}`)}
          help={t(`evidence:${field.hint}`)}
          value={reason}
          onChange={setReason}
          error={wasSubmitted && isMissing ? t('evidence:missingReason') : undefined}
          isDisabled={isPending}
          lines={2}
          isRequired
          autoFocus
        />
        <ErrorNote error={error} />
        <FormActions>
          <Button type="submit" tone={tone} isPending={isPending}>
            {t(`evidence:${submit}`)}
          </Button>
          <Button onPress={onClose} isDisabled={isPending}>
            {t('common:action.cancel')}
          </Button>
        </FormActions>
      </Form>
    </Dialog>
  );
}
