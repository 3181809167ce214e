import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseView } from '../../../shared/contract/views.ts';
import { type WarningBehaviour, warningBehaviours } from '../../../shared/domain/behaviours.ts';
import {
  type ObservationNature,
  observationNatures,
  reliabilities,
} from '../../../shared/domain/kinds/observation.ts';
import { createRecord, sendEdits, setEdit, updateRecord } from '../../state/edit.ts';
import { asItem, orNull, recordsOf, type Typed } from '../../state/record.ts';
import { useAction } from '../../state/useAction.ts';
import { RadioGroup } from '../../ui/field/Choice.tsx';
import { DateTimeField } from '../../ui/field/DateField.tsx';
import { FormRow } from '../../ui/field/Form.tsx';
import { Select } from '../../ui/field/Select.tsx';
import { TagPicker } from '../../ui/field/TagPicker.tsx';
import { TextArea, TextField } from '../../ui/field/TextField.tsx';
import { changedOf } from '../cases/changed.ts';
import { RecordDialog } from '../cases/RecordDialog.tsx';

interface ObservationDialogProps {
  readonly view: CaseView;
  /** Null for a new one. */
  readonly observation: Typed<'observation'> | null;
  readonly onClose: () => void;
}

/** Records one observation with its nature and its source, or edits one. */
export function ObservationDialog({ view, observation, onClose }: ObservationDialogProps) {
  const { t } = useTranslation(['observations', 'common']);
  const [opened] = useState(observation);
  const before = opened?.values ?? {};
  const [nature, setNature] = useState<ObservationNature>(before.nature ?? 'fact');
  const [text, setText] = useState(before.text ?? '');
  const [occurredAt, setOccurredAt] = useState(before.occurredAt ?? null);
  const [occurredNote, setOccurredNote] = useState(before.occurredNote ?? '');
  const [source, setSource] = useState(before.source ?? '');
  const [reliability, setReliability] = useState(before.reliability ?? 'unknown');
  const [behaviours, setBehaviours] = useState<readonly WarningBehaviour[]>(before.behaviours ?? []);
  const [about, setAbout] = useState<readonly string[]>(before.about ?? []);
  const save = useAction(sendEdits);
  const people = recordsOf(view, 'person');

  const values = {
    nature,
    text: orNull(text),
    occurredAt,
    occurredNote: orNull(occurredNote),
    source: orNull(source),
    reliability,
  };
  const sets = {
    ...changedSet('behaviours', before.behaviours ?? [], behaviours),
    ...changedSet('about', before.about ?? [], about),
  };
  const changed = { ...changedOf(before, values), ...sets };
  const errors = {
    ...(values.text === null && { text: t('observations:missingText') }),
    ...(values.source === null && nature !== 'missing' && { source: t('observations:missingSource') }),
  };
  return (
    <RecordDialog
      title={t(opened ? 'observations:editTitle' : 'observations:addTitle')}
      errors={errors}
      error={save.error}
      isPending={save.isPending}
      hasChanges={Object.keys(changed).length > 0}
      onClose={onClose}
      onSave={() =>
        opened === null
          ? save.run(
              view.line.id,
              createRecord('observation', { ...values, ...sets, recordedAt: new Date().toISOString() }),
            )
          : save.run(view.line.id, updateRecord(asItem(opened), changed))
      }
      removal={
        opened && { record: opened, title: t('observations:removeTitle'), text: t('observations:removeText') }
      }
    >
      <RadioGroup
        label={t('observations:nature')}
        orientation="horizontal"
        options={observationNatures.map((value) => ({
          value,
          label: t(`common:term.nature.${value}`),
          description: t(`observations:natureHint.${value}`),
        }))}
        value={nature}
        onChange={setNature}
      />
      <TextArea
        label={t('observations:text')}
        help={t('observations:textHint')}
        name="text"
        lines={4}
        value={text}
        onChange={setText}
        isRequired
        autoFocus
      />
      <FormRow>
        <TextField
          label={t('observations:source')}
          help={t('observations:sourceHint')}
          name="source"
          value={source}
          onChange={setSource}
          isRequired={nature !== 'missing'}
        />
        <Select
          label={t('observations:reliability')}
          options={reliabilities.map((value) => ({ value, label: t(`common:term.reliability.${value}`) }))}
          value={reliability}
          onChange={setReliability}
        />
      </FormRow>
      <FormRow>
        <DateTimeField
          label={t('observations:occurredAt')}
          value={occurredAt}
          onChange={setOccurredAt}
          withNow
        />
        <TextField
          label={t('observations:occurredNote')}
          help={t('observations:occurredNoteHint')}
          value={occurredNote}
          onChange={setOccurredNote}
        />
      </FormRow>
      <TagPicker
        label={t('observations:behaviours')}
        options={warningBehaviours.map((value) => ({ value, label: t(`common:term.behaviour.${value}`) }))}
        value={behaviours}
        onChange={setBehaviours}
      />
      {people.length > 0 && (
        <TagPicker
          label={t('observations:about')}
          options={people.map(({ id, values: person }) => ({
            value: id as string,
            label: person.name ?? '–',
          }))}
          value={about}
          onChange={setAbout}
        />
      )}
    </RecordDialog>
  );
}

function changedSet(field: string, before: readonly string[], after: readonly string[]) {
  const edit = setEdit(before, after);
  return edit.add.length + edit.remove.length > 0 ? { [field]: edit } : {};
}
