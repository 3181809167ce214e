import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { HistoryEntry } from '../../../shared/contract/views.ts';
import type { CaseId } from '../../../shared/ids.ts';
import { useDeviceLabel, useUserName } from '../../state/reference.ts';
import { useCaseRevision } from '../../state/revisions.ts';
import { useProcedure } from '../../state/useProcedure.ts';
import { Button } from '../../ui/button/Button.tsx';
import { EmptyState } from '../../ui/feedback/EmptyState.tsx';
import { ErrorNote } from '../../ui/feedback/ErrorNote.tsx';
import { Skeleton } from '../../ui/feedback/Progress.tsx';
import { Card } from '../../ui/layout/Card.tsx';
import { Stack } from '../../ui/layout/Page.tsx';
import { Timeline } from '../../ui/layout/Timeline.tsx';
import { Tag } from '../../ui/status/Tag.tsx';
import { Quiet } from '../../ui/text/Quiet.tsx';
import { IntegrityCard } from './IntegrityCard.tsx';
import { useEntryText, useFieldLabel } from './labels.ts';
import { useValueText } from './values.ts';

const pageSize = 100;
const longestSummary = 200;

/** Every edit of the case, newest first: who, on which laptop, when, and whether it has been sent. */
export function HistoryTab({ caseId }: { readonly caseId: CaseId }) {
  const { t } = useTranslation('cases');
  const [limit, setLimit] = useState(pageSize);
  const { data, error } = useProcedure('cases.history', { caseId, limit }, useCaseRevision(caseId));
  const entryText = useEntryText();
  if (data === null) return error ? <ErrorNote error={error} /> : <Skeleton lines={6} shape="rows" />;
  if (data.entries.length === 0) return <EmptyState title={t('history.empty')} />;
  return (
    <Stack>
      <IntegrityCard caseId={caseId} />
      <Card title={t('history.title')}>
        <Stack>
          <Quiet>{t('history.intro')}</Quiet>
          <Timeline
            label={t('history.title')}
            entries={data.entries.map((entry) => ({
              id: entry.change,
              at: entry.at,
              title: (
                <>
                  {entryText(entry)} <StateTag entry={entry} />
                </>
              ),
              children: <EntryDetail entry={entry} />,
            }))}
          />
          {data.entries.length < data.total && (
            <Button onPress={() => setLimit(Math.min(500, limit + pageSize))}>{t('history.more')}</Button>
          )}
        </Stack>
      </Card>
    </Stack>
  );
}

function StateTag({ entry }: { readonly entry: HistoryEntry }) {
  const { t } = useTranslation('cases');
  if (entry.state === 'sent') return null;
  return <Tag tone={entry.state === 'refused' ? 'danger' : 'neutral'}>{t(`history.${entry.state}`)}</Tag>;
}

function EntryDetail({ entry }: { readonly entry: HistoryEntry }) {
  const { t } = useTranslation('cases');
  const userName = useUserName();
  const deviceLabel = useDeviceLabel();
  const valueText = useValueText();
  const fieldLabel = useFieldLabel();
  const who = [userName(entry.user) ?? t('history.unknownUser'), deviceLabel(entry.device)]
    .filter(Boolean)
    .join(' · ');
  const texts = Object.entries(entry.fields).flatMap(([field, value]) => {
    const text = valueText(entry.kind, field, value);
    return text === '' ? [] : [{ label: fieldLabel(field), text }];
  });
  // Of a single field the heading has said which it is; a new record is told field by field.
  const isNamed = entry.op === 'update' && texts.length === 1;
  const summary = texts.map(({ label, text }) => (isNamed ? text : `${label}: ${text}`)).join(' · ');
  return (
    <>
      {summary !== '' && (
        <div>{summary.length > longestSummary ? `${summary.slice(0, longestSummary)} …` : summary}</div>
      )}
      {entry.withheld && <div>{t('history.withheld')}</div>}
      <Quiet>{who}</Quiet>
    </>
  );
}
