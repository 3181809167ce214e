import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseView } from '../../../shared/contract/views.ts';
import { type PersonRole, personRoles } from '../../../shared/domain/kinds/person.ts';
import { createRecord, sendEdits, updateRecord } from '../../state/edit.ts';
import { asItem, orNull, type Typed } from '../../state/record.ts';
import { isOpen, sealedIn } from '../../state/rights.ts';
import { useAction } from '../../state/useAction.ts';
import { FormRow } from '../../ui/field/Form.tsx';
import { Select } from '../../ui/field/Select.tsx';
import { TextArea, TextField } from '../../ui/field/TextField.tsx';
import { changedOf } from '../cases/changed.ts';
import { RecordDialog } from '../cases/RecordDialog.tsx';
import { BreakGlassDialog } from '../team/BreakGlassDialog.tsx';
import { SealedButton } from '../team/SealedButton.tsx';

interface PersonDialogProps {
  readonly view: CaseView;
  /** Null for a new one. */
  readonly person: Typed<'person'> | null;
  readonly onClose: () => void;
}

/** Adds a person to a case, or edits one. */
export function PersonDialog({ view, person, onClose }: PersonDialogProps) {
  const { t } = useTranslation(['people', 'common']);
  const [opened] = useState(person);
  const before = opened?.values ?? {};
  const [name, setName] = useState(before.name ?? '');
  const [role, setRole] = useState<PersonRole | null>(before.role ?? null);
  const [position, setPosition] = useState(before.position ?? '');
  const [department, setDepartment] = useState(before.department ?? '');
  const [contact, setContact] = useState(before.contact ?? '');
  const [access, setAccess] = useState(before.access ?? '');
  const [note, setNote] = useState(before.note ?? '');
  const [medical, setMedical] = useState(before.medical ?? '');
  const caseId = view.line.id;
  const sealed = opened === null ? undefined : sealedIn(view, opened.id);
  const isMedical = isOpen(view, 'medical') && sealed === undefined;
  const [isAsking, setAsking] = useState(false);
  const save = useAction(sendEdits);
  const values = {
    name: orNull(name),
    role,
    position: orNull(position),
    department: orNull(department),
    contact: orNull(contact),
    access: orNull(access),
    note: orNull(note),
    ...(isMedical && { medical: orNull(medical) }),
  };
  const errors = {
    ...(values.name === null && { name: t('people:missingName') }),
    ...(role === null && { role: t('people:missingRole') }),
  };
  return (
    <>
      <RecordDialog
        title={t(opened ? 'people:editTitle' : 'people:addTitle')}
        errors={errors}
        error={save.error}
        isPending={save.isPending}
        onClose={onClose}
        onSave={() =>
          opened === null
            ? save.run(caseId, createRecord('person', values))
            : save.run(caseId, updateRecord(asItem(opened), changedOf(before, values)))
        }
        hasChanges={opened === null || Object.keys(changedOf(before, values)).length > 0}
        removal={
          opened && { record: opened, title: t('people:removeTitle'), text: t('people:removeText', { name }) }
        }
      >
        <FormRow>
          <TextField
            label={t('people:name')}
            help={t('people:nameHint')}
            name="name"
            value={name}
            onChange={setName}
            isRequired
            autoFocus
          />
          <Select
            label={t('people:role')}
            name="role"
            options={personRoles.map((value) => ({ value, label: t(`common:term.personRole.${value}`) }))}
            value={role}
            onChange={setRole}
            isRequired
          />
        </FormRow>
        <FormRow>
          <TextField label={t('people:position')} value={position} onChange={setPosition} />
          <TextField label={t('people:department')} value={department} onChange={setDepartment} />
        </FormRow>
        <FormRow>
          <TextField label={t('people:contact')} value={contact} onChange={setContact} />
          <TextField label={t('people:access')} value={access} onChange={setAccess} />
        </FormRow>
        <TextArea label={t('people:note')} value={note} onChange={setNote} />
        {isMedical && (
          <TextArea
            label={t('people:medical')}
            help={t('people:medicalHint')}
            value={medical}
            onChange={setMedical}
          />
        )}
        {sealed && <SealedButton caseId={caseId} part={sealed} onPress={() => setAsking(true)} />}
      </RecordDialog>
      {isAsking && sealed && (
        <BreakGlassDialog caseId={caseId} compartment={sealed.compartment} onClose={() => setAsking(false)} />
      )}
    </>
  );
}
