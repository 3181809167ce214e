import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseView } from '../../../shared/contract/views.ts';
import { evidenceFor } from '../../../shared/instruments/answers.ts';
import type { InstrumentItem } from '../../../shared/instruments/schema.ts';
import { useFormat, useLanguage } from '../../i18n/useFormat.ts';
import { sendEdits, setEdit, updateRecord } from '../../state/edit.ts';
import { asItem, recordsOf, type Typed } from '../../state/record.ts';
import { useAction } from '../../state/useAction.ts';
import { Button } from '../../ui/button/Button.tsx';
import { ErrorNote } from '../../ui/feedback/ErrorNote.tsx';
import { CheckboxGroup } from '../../ui/field/Choice.tsx';
import { Form, FormActions } from '../../ui/field/Form.tsx';
import { Card } from '../../ui/layout/Card.tsx';
import { Stack } from '../../ui/layout/Page.tsx';
import { Dialog } from '../../ui/overlay/Dialog.tsx';
import { KindTag } from '../../ui/status/Tag.tsx';
import { DateTime } from '../../ui/text/DateTime.tsx';
import { Quiet } from '../../ui/text/Quiet.tsx';
import styles from './assessment.module.css';
import { ratingOf } from './rating.ts';

interface EvidenceCardProps {
  readonly view: CaseView;
  readonly assessment: Typed<'assessment'>;
  readonly item: InstrumentItem;
  readonly isReadOnly: boolean;
  readonly isLinking: boolean;
  readonly onLinking: (isLinking: boolean) => void;
}

/** The observations that support the coding of an item. */
export function EvidenceCard(props: EvidenceCardProps) {
  const { view, assessment, item, isReadOnly, isLinking, onLinking } = props;
  const { t } = useTranslation('assessments');
  const observations = recordsOf(view, 'observation');
  const linkedIds = evidenceFor(ratingOf(assessment).evidence, item.id);
  const linked = observations.filter(({ id }) => linkedIds.includes(id));
  return (
    <Card
      title={t('evidenceTitle')}
      actions={
        !isReadOnly && (
          <Button size="small" tone="quiet" icon="add" kbd="B" onPress={() => onLinking(true)}>
            {t('linkEvidence')}
          </Button>
        )
      }
    >
      {linked.length === 0 ? (
        <Quiet>{t('noEvidence')}</Quiet>
      ) : (
        <Stack gap={3}>
          {linked.map((observation) => (
            <Proof key={observation.id} observation={observation} />
          ))}
        </Stack>
      )}
      {isLinking && <LinkDialog {...props} linkedIds={linkedIds} onClose={() => onLinking(false)} />}
    </Card>
  );
}

function Proof({ observation: { values } }: { readonly observation: Typed<'observation'> }) {
  const { t } = useTranslation(['observations', 'common']);
  return (
    <div className={styles.proof}>
      <span>
        {values.nature && <KindTag nature={values.nature} />}{' '}
        <Quiet>{values.occurredNote ?? (values.occurredAt && <DateTime value={values.occurredAt} />)}</Quiet>
      </span>
      <span>{values.text}</span>
      {values.source && <Quiet>{t('observations:sourceLine', { source: values.source })}</Quiet>}
    </div>
  );
}

interface LinkDialogProps extends EvidenceCardProps {
  readonly linkedIds: readonly string[];
  readonly onClose: () => void;
}

function LinkDialog({ view, assessment, item, linkedIds, onClose }: LinkDialogProps) {
  const { t } = useTranslation(['assessments', 'common']);
  const language = useLanguage();
  const format = useFormat();
  const [opened] = useState({ assessment, linkedIds });
  const [chosen, setChosen] = useState<readonly string[]>(linkedIds);
  const save = useAction(sendEdits);
  const observations = recordsOf(view, 'observation');
  const submit = async () => {
    const edit = setEdit(opened.linkedIds, chosen);
    if (edit.add.length + edit.remove.length > 0) {
      const change = updateRecord(asItem(opened.assessment), { [`evidence.${item.id}`]: edit });
      if ((await save.run(view.line.id, change)) === undefined) return;
    }
    onClose();
  };
  const when = ({ occurredNote, occurredAt }: Typed<'observation'>['values']) =>
    occurredNote ?? (occurredAt ? format.dateTime(occurredAt) : null);
  return (
    <Dialog title={t('assessments:evidenceFor', { item: item.title[language] })} isOpen onClose={onClose}>
      {observations.length === 0 ? (
        <p>{t('assessments:noObservations')}</p>
      ) : (
        <Form onSubmit={() => void submit()} aria-label={t('assessments:linkEvidence')}>
          <CheckboxGroup
            label={t('assessments:linkEvidence')}
            options={observations.map(({ id, values }) => ({
              value: id as string,
              label: values.text ?? '–',
              description: [
                values.nature && t(`common:term.nature.${values.nature}`),
                when(values),
                values.source,
              ]
                .filter(Boolean)
                .join(' · '),
            }))}
            value={chosen}
            onChange={setChosen}
            autoFocus
          />
          <ErrorNote error={save.error} />
          <FormActions>
            <Button type="submit" tone="primary" isPending={save.isPending}>
              {t('common:action.save')}
            </Button>
            <Button onPress={onClose}>{t('common:action.cancel')}</Button>
          </FormActions>
        </Form>
      )}
    </Dialog>
  );
}
