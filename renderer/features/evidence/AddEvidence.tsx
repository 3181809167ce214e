import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseId } from '../../../shared/ids.ts';
import { client } from '../../app/client.ts';
import { useFormat } from '../../i18n/useFormat.ts';
import { orNull } from '../../state/record.ts';
import { sendFile } from '../../state/sendFile.ts';
import { useAction } from '../../state/useAction.ts';
import { Button } from '../../ui/button/Button.tsx';
import { ErrorNote } from '../../ui/feedback/ErrorNote.tsx';
import { Note } from '../../ui/feedback/Note.tsx';
import { ProgressBar } from '../../ui/feedback/Progress.tsx';
import { toast } from '../../ui/feedback/toasts.ts';
import { DateTimeField } from '../../ui/field/DateField.tsx';
import { FileField } from '../../ui/field/FileField.tsx';
import { Form, FormActions } from '../../ui/field/Form.tsx';
import { TextArea, TextField } from '../../ui/field/TextField.tsx';
import { Dialog } from '../../ui/overlay/Dialog.tsx';

interface AddEvidenceProps {
  readonly caseId: CaseId;
  /** A file that was dropped; null when it is still to be chosen. */
  readonly dropped: File | null;
  readonly onClose: () => void;
}

interface Adding {
  readonly caseId: CaseId;
  readonly description: string | null;
  readonly source: string | null;
  readonly occurredAt: string | null;
}

/** A file, and what has to be said about it. */
export function AddEvidence({ caseId, dropped, onClose }: AddEvidenceProps) {
  const { t } = useTranslation(['evidence', 'common']);
  const format = useFormat();
  const [file, setFile] = useState(dropped);
  const [description, setDescription] = useState('');
  const [source, setSource] = useState('');
  const [occurredAt, setOccurredAt] = useState<string | null>(null);
  const [doneBytes, setDone] = useState(0);
  const [wasSubmitted, setSubmitted] = useState(false);
  const { run, isPending, error } = useAction((chosen: File, adding: Adding) => {
    setDone(0);
    const use = (transfer: string) =>
      client.call('evidence.add', { ...adding, transfer, name: chosen.name || 'file' });
    return sendFile({ file: chosen, use, onProgress: setDone });
  });
  const errors = { ...(orNull(source) === null && { source: t('evidence:missingSource') }) };
  const fileError = fileProblem(file);
  const submit = async () => {
    setSubmitted(true);
    if (file === null || fileError !== null || Object.keys(errors).length > 0) return;
    const adding = { caseId, description: orNull(description), source: orNull(source), occurredAt };
    if ((await run(file, adding)) === undefined) return;
    toast(t('evidence:added'));
    onClose();
  };
  const close = () => {
    if (!isPending) onClose();
  };
  return (
    <Dialog title={t('evidence:addTitle')} isOpen onClose={close} isModalOnly>
      <Form
        onSubmit={() => void submit()}
        aria-label={t('evidence:addTitle')}
        errors={wasSubmitted ? errors : {}}
      >
        <FileField
          label={t('evidence:file')}
          action={t('evidence:choose')}
          chosen={file && t('evidence:chosen', { name: file.name, size: format.bytes(file.size) })}
          onChoose={setFile}
          error={wasSubmitted && fileError !== null ? t(`evidence:${fileError}`) : undefined}
          isDisabled={isPending}
        />
        <TextField
          label={t('evidence:source')}
          help={t('evidence:sourceHint')}
          name="source"
          value={source}
          onChange={setSource}
          isDisabled={isPending}
          isRequired
        />
        <TextArea
          label={t('evidence:description')}
          help={t('evidence:descriptionHint')}
          value={description}
          onChange={setDescription}
          isDisabled={isPending}
          lines={2}
        />
        <DateTimeField
          label={t('evidence:occurredAt')}
          value={occurredAt}
          onChange={setOccurredAt}
          isDisabled={isPending}
        />
        <Note>{t('evidence:metadata')}</Note>
        {isPending && file !== null && (
          <ProgressBar label={t('evidence:adding')} done={doneBytes} total={file.size} unit="bytes" />
        )}
        <ErrorNote error={error} />
        <FormActions>
          <Button type="submit" tone="primary" isPending={isPending}>
            {t('evidence:add')}
          </Button>
          <Button onPress={close} isDisabled={isPending}>
            {t('common:action.cancel')}
          </Button>
        </FormActions>
      </Form>
    </Dialog>
  );
}

function fileProblem(file: File | null): 'missingFile' | 'emptyFile' | null {
  if (file === null) return 'missingFile';
  return file.size === 0 ? 'emptyFile' : null;
}
