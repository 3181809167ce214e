import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseView } from '../../../shared/contract/views.ts';
import { warningBehaviours } from '../../../shared/domain/behaviours.ts';
import { type MeasureStatus, measureEffects, measureStatuses } from '../../../shared/domain/kinds/measure.ts';
import type { UserId } from '../../../shared/ids.ts';
import type { MeasureEntry } from '../../../shared/measures/schema.ts';
import { useLanguage } from '../../i18n/useFormat.ts';
import { createRecord, sendEdits, updateRecord } from '../../state/edit.ts';
import { asItem, orNull, type Typed } from '../../state/record.ts';
import { useCatalogue, useDirectory } from '../../state/reference.ts';
import { useAction } from '../../state/useAction.ts';
import { Note } from '../../ui/feedback/Note.tsx';
import { DateField } from '../../ui/field/DateField.tsx';
import { FormRow } from '../../ui/field/Form.tsx';
import { ComboBox, Select } from '../../ui/field/Select.tsx';
import { TextArea, TextField } from '../../ui/field/TextField.tsx';
import { changedOf } from '../cases/changed.ts';
import { RecordDialog } from '../cases/RecordDialog.tsx';
import { useDriverLabel } from './drivers.ts';

interface MeasureDialogProps {
  readonly view: CaseView;
  /** Null for a new one. */
  readonly measure: Typed<'measure'> | null;
  readonly onClose: () => void;
}

const custom = 'custom';

/** Adds a countermeasure with an owner, a due date and what it acts on, or edits one. */
export function MeasureDialog({ view, measure, onClose }: MeasureDialogProps) {
  const { t } = useTranslation(['measures', 'common']);
  const [opened] = useState(measure);
  const before = opened?.values ?? {};
  const [code, setCode] = useState(before.code ?? null);
  const [title, setTitle] = useState(before.title ?? '');
  const [driver, setDriver] = useState(before.driver ?? null);
  const [owner, setOwner] = useState<UserId | null>(before.owner ?? null);
  const [due, setDue] = useState(before.due ?? null);
  const [status, setStatus] = useState<MeasureStatus>(before.status ?? 'planned');
  const [effect, setEffect] = useState(before.effect ?? null);
  const [note, setNote] = useState(before.note ?? '');
  const save = useAction(sendEdits);
  const entry = useCatalogue()?.measures.measures.find((measure) => measure.code === code);

  const values = {
    code,
    title: code === custom ? orNull(title) : null,
    driver,
    owner,
    due,
    status,
    effect,
    note: orNull(note),
    doneAt: status === 'done' ? (before.doneAt ?? new Date().toISOString()) : null,
  };
  const changed = changedOf(before, values);
  const errors = {
    ...(code === null && { code: t('measures:missingCode') }),
    ...(code === custom && values.title === null && { title: t('measures:missingTitle') }),
    ...(owner === null && { owner: t('measures:missingOwner') }),
    ...(due === null && { due: t('measures:missingDue') }),
  };
  return (
    <RecordDialog
      title={t(opened ? 'measures:editTitle' : 'measures:addTitle')}
      errors={errors}
      error={save.error}
      isPending={save.isPending}
      hasChanges={Object.keys(changed).length > 0}
      onClose={onClose}
      onSave={() =>
        opened === null
          ? save.run(view.line.id, createRecord('measure', values))
          : save.run(view.line.id, updateRecord(asItem(opened), changed))
      }
      removal={opened && { record: opened, title: t('measures:removeTitle'), text: t('measures:removeText') }}
    >
      <ChooseMeasure code={code} onCode={setCode} isNew={opened === null} />
      {code === custom && (
        <TextField label={t('measures:title')} name="title" value={title} onChange={setTitle} isRequired />
      )}
      {entry && <About entry={entry} />}
      <ChooseDriver entry={entry} driver={driver} onDriver={setDriver} />
      <FormRow>
        <ChooseOwner owner={owner} onOwner={setOwner} />
        <DateField label={t('measures:due')} name="due" value={due} onChange={setDue} isRequired />
      </FormRow>
      <FormRow>
        <Select
          label={t('measures:status')}
          options={measureStatuses.map((value) => ({
            value,
            label: t(`common:term.measureStatus.${value}`),
          }))}
          value={status}
          onChange={setStatus}
        />
        {status === 'done' && (
          <Select
            label={t('measures:effect')}
            options={measureEffects.map((value) => ({
              value,
              label: t(`common:term.measureEffect.${value}`),
            }))}
            value={effect}
            onChange={setEffect}
          />
        )}
      </FormRow>
      <TextArea label={t('measures:note')} value={note} onChange={setNote} lines={2} />
    </RecordDialog>
  );
}

interface ChooseMeasureProps {
  readonly code: string | null;
  readonly onCode: (code: string | null) => void;
  /** A new measure begins with the list open. */
  readonly isNew: boolean;
}

function ChooseMeasure({ code, onCode, isNew }: ChooseMeasureProps) {
  const { t } = useTranslation('measures');
  const language = useLanguage();
  const catalogue = useCatalogue()?.measures;
  const groupTitle = (id: string) =>
    catalogue?.groups.find((group) => group.id === id)?.title[language] ?? id;
  const options = (catalogue?.measures ?? []).map((entry) => ({
    value: entry.code,
    label: entry.title[language],
    description: groupTitle(entry.group),
  }));
  return (
    <ComboBox
      label={t('catalogue')}
      name="code"
      options={[...options, { value: custom, label: t('custom') }]}
      value={code}
      onChange={onCode}
      isRequired
      autoFocus={isNew}
    />
  );
}

/** What the measure is, and what can go wrong with it. */
function About({ entry }: { readonly entry: MeasureEntry }) {
  const { t } = useTranslation('measures');
  const language = useLanguage();
  return (
    <>
      <p>{entry.description[language]}</p>
      {entry.caution && (
        <Note tone="warn" title={t('caution')}>
          {entry.caution[language]}
        </Note>
      )}
    </>
  );
}

interface ChooseDriverProps {
  readonly entry: MeasureEntry | undefined;
  readonly driver: string | null;
  readonly onDriver: (driver: string) => void;
}

function ChooseDriver({ entry, driver, onDriver }: ChooseDriverProps) {
  const { t } = useTranslation('measures');
  const driverLabel = useDriverLabel();
  const options = [
    ...new Set([...(entry?.drivers ?? []), ...warningBehaviours, ...(driver ? [driver] : [])]),
  ];
  return (
    <Select
      label={t('driver')}
      help={t('driverHint')}
      options={options.map((value) => ({ value, label: driverLabel(value) }))}
      value={driver}
      onChange={onDriver}
    />
  );
}

function ChooseOwner({
  owner,
  onOwner,
}: {
  readonly owner: UserId | null;
  readonly onOwner: (owner: UserId) => void;
}) {
  const { t } = useTranslation('measures');
  const users = useDirectory().users.filter(({ active, id }) => active || id === owner);
  return (
    <Select
      label={t('owner')}
      name="owner"
      options={users.map(({ id, name }) => ({ value: id, label: name }))}
      value={owner}
      onChange={onOwner}
      isRequired
    />
  );
}
