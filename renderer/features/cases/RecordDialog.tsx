import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { KindName } from '../../../shared/domain/kinds.ts';
import type { TmaError } from '../../../shared/errors.ts';
import { asItem, type Typed } from '../../state/record.ts';
import { Button } from '../../ui/button/Button.tsx';
import { ErrorNote } from '../../ui/feedback/ErrorNote.tsx';
import { toast } from '../../ui/feedback/toasts.ts';
import { Form, FormActions } from '../../ui/field/Form.tsx';
import { ConfirmDialog, Dialog } from '../../ui/overlay/Dialog.tsx';
import styles from './cases.module.css';
import { useRemoval } from './useRemoval.ts';

interface RecordDialogProps {
  readonly title: string;
  /** What is missing, by field; shown once the person has tried to save. */
  readonly errors: Readonly<Record<string, string>>;
  readonly error: TmaError | null;
  readonly isPending: boolean;
  readonly hasChanges: boolean;
  /** Answers `undefined` when it failed; the dialog then stays open with everything in it. */
  readonly onSave: () => Promise<unknown>;
  readonly onClose: () => void;
  /** Offers to remove the record. */
  readonly removal: {
    readonly record: Typed<KindName>;
    readonly title: string;
    readonly text: string;
  } | null;
  readonly children: ReactNode;
}

/** The frame of every form that adds or edits a record of a case. */
export function RecordDialog(props: RecordDialogProps) {
  const { title, errors, error, isPending, hasChanges, onSave, onClose, removal, children } = props;
  const { t } = useTranslation('common');
  const [wasSubmitted, setSubmitted] = useState(false);
  const [isRemoving, setRemoving] = useState(false);
  const submit = async () => {
    setSubmitted(true);
    if (Object.keys(errors).length > 0) return;
    if (hasChanges) {
      if ((await onSave()) === undefined) return;
      toast(t('state.saved'));
    }
    onClose();
  };
  return (
    <Dialog title={title} isOpen onClose={onClose} isModalOnly>
      <Form onSubmit={() => void submit()} aria-label={title} errors={wasSubmitted ? errors : {}}>
        {children}
        <ErrorNote error={error} />
        <FormActions>
          <Button type="submit" tone="primary" isPending={isPending}>
            {t('action.save')}
          </Button>
          <Button onPress={onClose}>{t('action.cancel')}</Button>
          {removal && (
            <span className={styles.apart}>
              <Button tone="danger" onPress={() => setRemoving(true)}>
                {t('action.remove')}
              </Button>
            </span>
          )}
        </FormActions>
      </Form>
      {removal && isRemoving && (
        <RemoveConfirm removal={removal} onClose={() => setRemoving(false)} onRemoved={onClose} />
      )}
    </Dialog>
  );
}

interface RemoveConfirmProps {
  readonly removal: NonNullable<RecordDialogProps['removal']>;
  readonly onClose: () => void;
  readonly onRemoved: () => void;
}

function RemoveConfirm({ removal, onClose, onRemoved }: RemoveConfirmProps) {
  const { t } = useTranslation('common');
  const remove = useRemoval(removal.record.caseId);
  return (
    <ConfirmDialog
      title={removal.title}
      confirmLabel={t('action.remove')}
      isOpen
      onClose={onClose}
      onConfirm={() => {
        void remove(asItem(removal.record));
        onRemoved();
      }}
    >
      {removal.text}
    </ConfirmDialog>
  );
}
