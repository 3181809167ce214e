import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { sendEdits, updateRecord } from '../../state/edit.ts';
import { asItem, orNull } from '../../state/record.ts';
import { useAction } from '../../state/useAction.ts';
import { DateTimeField } from '../../ui/field/DateField.tsx';
import { TextArea, TextField } from '../../ui/field/TextField.tsx';
import { changedOf } from '../cases/changed.ts';
import { RecordDialog } from '../cases/RecordDialog.tsx';
import type { EvidenceRecord } from './types.ts';

interface EditEvidenceProps {
  readonly evidence: EvidenceRecord;
  readonly onClose: () => void;
}

/** What is said about a piece of evidence; the file itself stays as it is. */
export function EditEvidence({ evidence, onClose }: EditEvidenceProps) {
  const { t } = useTranslation('evidence');
  const [opened] = useState(evidence);
  const before = opened.values;
  const [description, setDescription] = useState(before.description ?? '');
  const [source, setSource] = useState(before.source ?? '');
  const [occurredAt, setOccurredAt] = useState(before.occurredAt ?? null);
  const save = useAction(sendEdits);
  const values = { description: orNull(description), source: orNull(source), occurredAt };
  const changed = changedOf(before, values);
  return (
    <RecordDialog
      title={t('editTitle')}
      errors={{ ...(values.source === null && { source: t('missingSource') }) }}
      error={save.error}
      isPending={save.isPending}
      hasChanges={Object.keys(changed).length > 0}
      onClose={onClose}
      onSave={() => save.run(opened.caseId, updateRecord(asItem(opened), changed))}
      removal={null}
    >
      <TextField
        label={t('source')}
        help={t('sourceHint')}
        name="source"
        value={source}
        onChange={setSource}
        isRequired
      />
      <TextArea
        label={t('description')}
        help={t('descriptionHint')}
        value={description}
        onChange={setDescription}
        lines={2}
      />
      <DateTimeField label={t('occurredAt')} value={occurredAt} onChange={setOccurredAt} />
    </RecordDialog>
  );
}
