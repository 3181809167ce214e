import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseView } from '../../../shared/contract/views.ts';
import { type CaseStatus, caseStatuses, mayMove, reportStatuses } from '../../../shared/domain/workflow.ts';
import { sendEdits, updateRecord } from '../../state/edit.ts';
import { asItem, caseRecord, orNull, type Typed } from '../../state/record.ts';
import { useUserName } from '../../state/reference.ts';
import { mayEdit } from '../../state/rights.ts';
import { useAction } from '../../state/useAction.ts';
import { Button } from '../../ui/button/Button.tsx';
import { ErrorNote } from '../../ui/feedback/ErrorNote.tsx';
import { toast } from '../../ui/feedback/toasts.ts';
import { Form, FormActions } from '../../ui/field/Form.tsx';
import { Select } from '../../ui/field/Select.tsx';
import { TextField } from '../../ui/field/TextField.tsx';
import { Card } from '../../ui/layout/Card.tsx';
import { DescriptionList } from '../../ui/layout/DescriptionList.tsx';
import { Dialog } from '../../ui/overlay/Dialog.tsx';
import { ContestedMark } from './ContestedMark.tsx';

/** Statuses a person sets by hand here; `assessed` comes with a signature, the first two with triage. */
const byHand: readonly CaseStatus[] = caseStatuses.filter(
  (status) => status !== 'assessed' && !reportStatuses.some((other: CaseStatus) => other === status),
);

/** Where the case stands in the workflow, and the dialog that moves it. */
export function CaseState({ view }: { readonly view: CaseView }) {
  const { t } = useTranslation(['cases', 'common']);
  const [isEditing, setEditing] = useState(false);
  const userName = useUserName();
  const record = caseRecord(view);
  if (record === null) return null;
  const { values } = record;
  return (
    <Card
      title={t('cases:overview.status')}
      note={<ContestedMark record={record} />}
      actions={
        mayEdit(view, 'case') && (
          <Button size="small" onPress={() => setEditing(true)}>
            {t('common:action.edit')}
          </Button>
        )
      }
    >
      <DescriptionList
        items={[
          { term: t('cases:field.status'), value: t(`common:term.caseStatus.${view.line.status}`) },
          { term: t('cases:field.lead'), value: userName(values.lead) },
          { term: t('cases:field.site'), value: values.site },
          { term: t('cases:overview.purpose'), value: values.purpose },
          { term: t('cases:overview.legalBasis'), value: values.legalBasis },
          { term: t('cases:overview.triageReason'), value: values.triageReason },
        ]}
      />
      {isEditing && <EditCase view={view} record={record} onClose={() => setEditing(false)} />}
    </Card>
  );
}

interface EditCaseProps {
  readonly view: CaseView;
  readonly record: Typed<'case'>;
  readonly onClose: () => void;
}

function EditCase({ view, record, onClose }: EditCaseProps) {
  const { t } = useTranslation(['cases', 'common', 'reports']);
  // The values and `saw` of the moment the dialog opened: what the person had in view.
  const [opened] = useState(record);
  const [title, setTitle] = useState(opened.values.title ?? '');
  const [site, setSite] = useState(opened.values.site ?? '');
  const [status, setStatus] = useState<CaseStatus>(view.line.status);
  const save = useAction(sendEdits);
  const changed = {
    ...(title.trim() !== opened.values.title && { title: title.trim() }),
    ...(orNull(site) !== (opened.values.site ?? null) && { site: orNull(site) }),
    ...(status !== view.line.status && { status }),
  };
  const submit = async () => {
    if (title.trim() === '') return;
    if (Object.keys(changed).length > 0) {
      const saved = await save.run(view.line.id, updateRecord(asItem(opened), changed));
      if (saved === undefined) return;
      toast(t('common:state.saved'));
    }
    onClose();
  };
  return (
    <Dialog title={t('cases:overview.editCase')} isOpen onClose={onClose} isModalOnly>
      <Form
        onSubmit={() => void submit()}
        aria-label={t('cases:overview.editCase')}
        errors={title.trim() === '' ? { title: t('reports:triage.missingTitle') } : {}}
      >
        <TextField
          label={t('cases:field.title')}
          name="title"
          value={title}
          onChange={setTitle}
          isRequired
          autoFocus
        />
        <TextField label={t('cases:field.site')} value={site} onChange={setSite} />
        <Select
          label={t('cases:overview.moveTo')}
          options={caseStatuses
            .filter((to) => to === view.line.status || (byHand.includes(to) && mayMove(view.line.status, to)))
            .map((value) => ({ value, label: t(`common:term.caseStatus.${value}`) }))}
          value={status}
          onChange={setStatus}
        />
        <ErrorNote error={save.error} />
        <FormActions>
          <Button type="submit" tone="primary" isPending={save.isPending}>
            {t('common:action.save')}
          </Button>
          <Button onPress={onClose}>{t('common:action.cancel')}</Button>
        </FormActions>
      </Form>
    </Dialog>
  );
}
