import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { CaseView } from '../../../shared/contract/views.ts';
import { client } from '../../app/client.ts';
import { useLanguage } from '../../i18n/useFormat.ts';
import { recordsOf, type Typed } from '../../state/record.ts';
import { useCatalogue, useUserName } from '../../state/reference.ts';
import { mayEdit } from '../../state/rights.ts';
import { useAction } from '../../state/useAction.ts';
import { Button, ButtonLink } from '../../ui/button/Button.tsx';
import { LevelChart } from '../../ui/chart/LevelChart.tsx';
import { EmptyState } from '../../ui/feedback/EmptyState.tsx';
import { ErrorNote } from '../../ui/feedback/ErrorNote.tsx';
import { RadioGroup } from '../../ui/field/Choice.tsx';
import { Form, FormActions } from '../../ui/field/Form.tsx';
import { Card } from '../../ui/layout/Card.tsx';
import { Columns, Stack } from '../../ui/layout/Page.tsx';
import { Timeline } from '../../ui/layout/Timeline.tsx';
import { Dialog } from '../../ui/overlay/Dialog.tsx';
import { LevelBadge } from '../../ui/status/LevelBadge.tsx';
import { DateTime } from '../../ui/text/DateTime.tsx';
import { Quiet } from '../../ui/text/Quiet.tsx';
import { ContestedMark } from '../cases/ContestedMark.tsx';
import styles from '../cases/cases.module.css';
import { levelSteps } from './rating.ts';

type Assessment = Typed<'assessment'>;

/** The assessments of a case, newest first, and the level over time. */
export function AssessmentsTab({ view }: { readonly view: CaseView }) {
  const { t } = useTranslation(['assessments', 'cases']);
  const [isStarting, setStarting] = useState(false);
  const assessments = recordsOf(view, 'assessment').toReversed();
  const start = mayEdit(view, 'assessment') && (
    <Button tone="primary" icon="add" onPress={() => setStarting(true)}>
      {t(assessments.length === 0 ? 'assessments:startFirst' : 'assessments:startNext')}
    </Button>
  );
  return (
    <>
      {assessments.length === 0 ? (
        <Card title={t('cases:tabs.assessments')}>
          <EmptyState title={t('assessments:emptyTitle')} actions={start}>
            {t('assessments:emptyText')}
          </EmptyState>
        </Card>
      ) : (
        <Columns>
          <Card title={t('cases:tabs.assessments')} actions={start}>
            <Timeline
              label={t('cases:tabs.assessments')}
              entries={assessments.map((assessment) => ({
                id: assessment.id,
                at: assessment.values.signature?.at ?? assessment.values.startedAt ?? assessment.createdAt,
                title: <Head assessment={assessment} />,
                children: <Body assessment={assessment} />,
              }))}
            />
          </Card>
          <Card title={t('assessments:levelChart')}>
            <LevelChart steps={levelSteps(assessments)} />
          </Card>
        </Columns>
      )}
      {isStarting && <StartDialog view={view} onClose={() => setStarting(false)} />}
    </>
  );
}

function Head({ assessment }: { readonly assessment: Assessment }) {
  const language = useLanguage();
  const { instrument: id, instrumentVersion, level } = assessment.values;
  const instruments = useCatalogue()?.instruments ?? [];
  const instrument = instruments.find((each) => each.id === id && each.version === instrumentVersion);
  return (
    <Stack direction="across" gap={3}>
      <b>{instrument?.title[language] ?? id}</b>
      {level && <LevelBadge level={level} />}
      <ContestedMark record={assessment} />
    </Stack>
  );
}

function Body({ assessment }: { readonly assessment: Assessment }) {
  const { t } = useTranslation('assessments');
  const userName = useUserName();
  const { signature, rationale } = assessment.values;
  return (
    <Stack gap={2}>
      {rationale && <p className={styles.rationale}>{rationale}</p>}
      <Stack direction="across" gap={3}>
        <Quiet>
          {signature ? (
            <>
              {t('signedBy', { name: userName(signature.by) ?? '–', date: '' }).replace(/[,\s]+$/, '')},{' '}
              <DateTime value={signature.at} />
            </>
          ) : (
            t('unsigned')
          )}
        </Quiet>
        <ButtonLink size="small" href={`#/cases/${assessment.caseId}/assessments/${assessment.id}`}>
          {t(signature ? 'open' : 'continue')}
        </ButtonLink>
      </Stack>
    </Stack>
  );
}

const begin = (caseId: CaseView['line']['id'], instrument: string) =>
  client.call('assessments.start', { caseId, instrument });

function StartDialog({ view, onClose }: { readonly view: CaseView; readonly onClose: () => void }) {
  const { t } = useTranslation(['assessments', 'common']);
  const language = useLanguage();
  const [, navigate] = useLocation();
  const instruments = useCatalogue()?.instruments ?? [];
  const [chosen, setChosen] = useState('warning-behaviours');
  const start = useAction(begin);
  const submit = async () => {
    const started = await start.run(view.line.id, chosen);
    if (started !== undefined) navigate(`/cases/${view.line.id}/assessments/${started.assessmentId}`);
  };
  return (
    <Dialog title={t('assessments:start')} isOpen onClose={onClose}>
      <Form onSubmit={() => void submit()} aria-label={t('assessments:start')}>
        <RadioGroup
          label={t('assessments:chooseInstrument')}
          options={instruments.map(({ id, title, summary }) => ({
            value: id,
            label: title[language],
            description: summary[language],
          }))}
          value={chosen}
          onChange={setChosen}
        />
        <ErrorNote error={start.error} />
        <FormActions>
          <Button type="submit" tone="primary" isPending={start.isPending}>
            {t('assessments:start')}
          </Button>
          <Button onPress={onClose}>{t('common:action.cancel')}</Button>
        </FormActions>
      </Form>
    </Dialog>
  );
}
