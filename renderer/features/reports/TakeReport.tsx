import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { warningBehaviours } from '../../../shared/domain/behaviours.ts';
import { reportChannels } from '../../../shared/domain/kinds/report.ts';
import { client } from '../../app/client.ts';
import { useSession } from '../../state/session.ts';
import { useAction } from '../../state/useAction.ts';
import { Button } from '../../ui/button/Button.tsx';
import { ErrorNote } from '../../ui/feedback/ErrorNote.tsx';
import { toast } from '../../ui/feedback/toasts.ts';
import { Checkbox } from '../../ui/field/Choice.tsx';
import { DateTimeField } from '../../ui/field/DateField.tsx';
import { Form, FormActions, FormRow, FormSection } from '../../ui/field/Form.tsx';
import { Select } from '../../ui/field/Select.tsx';
import { TagPicker } from '../../ui/field/TagPicker.tsx';
import { TextArea, TextField } from '../../ui/field/TextField.tsx';
import { Card } from '../../ui/layout/Card.tsx';
import { Columns, Page, Stack } from '../../ui/layout/Page.tsx';
import { PageHeader } from '../../ui/layout/PageHeader.tsx';
import { EmergencyCard } from '../session/EmergencyCard.tsx';
import {
  changeDraft,
  clearDraft,
  isDraftEmpty,
  openDraft,
  type ReportDraft,
  toReport,
  useReportDraft,
} from './draft.ts';

const take = (draft: ReportDraft) => client.call('reports.take', toReport(draft, Date.now()));

/** Takes a report while somebody tells it: their words first, classification after. */
export default function TakeReportScreen() {
  const { draft } = useReportDraft();
  useEffect(openDraft, []);
  return draft === null ? null : <TakeReport draft={draft} />;
}

function TakeReport({ draft }: PartProps) {
  const { t } = useTranslation(['reports', 'common']);
  const session = useSession();
  const [, navigate] = useLocation();
  const [wasSubmitted, setSubmitted] = useState(false);
  const save = useAction(take);
  const submit = async () => {
    setSubmitted(true);
    if (draft.who.trim() === '' || draft.what.trim() === '') return;
    const saved = await save.run(draft);
    if (saved === undefined) return;
    clearDraft();
    toast(t('reports:take.saved'));
    navigate(`/reports/${saved.caseId}`);
  };
  const errors = wasSubmitted
    ? missing(draft, t('reports:take.missingWho'), t('reports:take.missingWhat'))
    : {};
  return (
    <Page>
      <PageHeader title={t('reports:take.title')} note={t('reports:take.intro')} />
      <Columns>
        <Card>
          <Form onSubmit={() => void submit()} aria-label={t('reports:take.title')} errors={errors}>
            <AboutWhom draft={draft} />
            <Account draft={draft} />
            <Reporter draft={draft} />
            <ErrorNote error={save.error} />
            <FormActions>
              <Button type="submit" tone="primary" isPending={save.isPending}>
                {t('reports:take.save')}
              </Button>
              <Button tone="quiet" onPress={clearDraft} isDisabled={isDraftEmpty(draft)}>
                {t('reports:take.discard')}
              </Button>
            </FormActions>
          </Form>
        </Card>
        <Stack gap={5}>
          <Card title={t('reports:take.emergencyTitle')} tone={draft.emergency ? 'danger' : 'normal'}>
            <Checkbox isSelected={draft.emergency} onChange={(emergency) => changeDraft({ emergency })}>
              {t('reports:take.emergency')}
            </Checkbox>
          </Card>
          <EmergencyCard contacts={session?.emergency ?? []} />
        </Stack>
      </Columns>
    </Page>
  );
}

function missing(draft: ReportDraft, who: string, what: string): Record<string, string> {
  return { ...(draft.who.trim() === '' && { who }), ...(draft.what.trim() === '' && { what }) };
}

interface PartProps {
  readonly draft: ReportDraft;
}

function AboutWhom({ draft }: PartProps) {
  const { t } = useTranslation('reports');
  return (
    <FormSection title={t('take.section.who')}>
      <FormRow>
        <TextField
          label={t('take.who')}
          help={t('take.whoHint')}
          name="who"
          value={draft.who}
          onChange={(who) => changeDraft({ who })}
          isRequired
          autoFocus
        />
        <TextField
          label={t('take.whoIsAtRisk')}
          value={draft.whoIsAtRisk}
          onChange={(whoIsAtRisk) => changeDraft({ whoIsAtRisk })}
        />
      </FormRow>
    </FormSection>
  );
}

function Account({ draft }: PartProps) {
  const { t } = useTranslation(['reports', 'common']);
  return (
    <FormSection title={t('reports:take.section.what')}>
      <TextArea
        label={t('reports:take.what')}
        help={t('reports:take.whatHint')}
        name="what"
        lines={5}
        value={draft.what}
        onChange={(what) => changeDraft({ what })}
        isRequired
      />
      <FormRow>
        <TextField
          label={t('reports:take.where')}
          value={draft.where}
          onChange={(where) => changeDraft({ where })}
        />
        <TextField
          label={t('reports:take.when')}
          help={t('reports:take.whenHint')}
          value={draft.when}
          onChange={(when) => changeDraft({ when })}
        />
      </FormRow>
      <TagPicker
        label={t('reports:take.behaviours')}
        help={t('reports:take.behavioursHint')}
        options={warningBehaviours.map((value) => ({ value, label: t(`common:term.behaviour.${value}`) }))}
        value={draft.behaviours}
        onChange={(behaviours) => changeDraft({ behaviours })}
      />
    </FormSection>
  );
}

function Reporter({ draft }: PartProps) {
  const { t } = useTranslation(['reports', 'common']);
  return (
    <FormSection title={t('reports:take.section.reporter')}>
      <FormRow>
        <Select
          label={t('reports:take.channel')}
          options={reportChannels.map((value) => ({ value, label: t(`common:term.channel.${value}`) }))}
          value={draft.channel}
          onChange={(channel) => changeDraft({ channel })}
        />
        <DateTimeField
          label={t('reports:take.receivedAt')}
          value={draft.receivedAt}
          onChange={(receivedAt) => changeDraft({ receivedAt })}
          withNow
        />
      </FormRow>
      <Checkbox isSelected={draft.anonymous} onChange={(anonymous) => changeDraft({ anonymous })}>
        {t('reports:take.anonymous')}
      </Checkbox>
      {!draft.anonymous && (
        <FormRow>
          <TextField
            label={t('reports:take.reporterName')}
            value={draft.reporterName}
            onChange={(reporterName) => changeDraft({ reporterName })}
          />
          <TextField
            label={t('reports:take.reporterContact')}
            value={draft.reporterContact}
            onChange={(reporterContact) => changeDraft({ reporterContact })}
          />
        </FormRow>
      )}
    </FormSection>
  );
}
