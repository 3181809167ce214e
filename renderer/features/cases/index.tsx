import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { InputOf } from '../../../shared/contract/procedures.ts';
import {
  type CaseStatus,
  caseStatuses,
  endedStatuses,
  reportStatuses,
} from '../../../shared/domain/workflow.ts';
import { useAllRevision } from '../../state/revisions.ts';
import { useProcedure } from '../../state/useProcedure.ts';
import { EmptyState } from '../../ui/feedback/EmptyState.tsx';
import { ErrorNote } from '../../ui/feedback/ErrorNote.tsx';
import { Skeleton } from '../../ui/feedback/Progress.tsx';
import { SegmentedControl } from '../../ui/field/SegmentedControl.tsx';
import { TextField } from '../../ui/field/TextField.tsx';
import { Card } from '../../ui/layout/Card.tsx';
import { Page } from '../../ui/layout/Page.tsx';
import { PageHeader } from '../../ui/layout/PageHeader.tsx';
import { CaseList } from './CaseList.tsx';
import styles from './cases.module.css';

type Show = 'open' | 'ended' | 'all';

const isIn = (list: readonly CaseStatus[]) => (status: CaseStatus) => list.includes(status);
const ofCases = caseStatuses.filter((status) => !isIn(reportStatuses)(status));
const statusesOf: Readonly<Record<Show, readonly CaseStatus[]>> = {
  open: ofCases.filter((status) => !isIn(endedStatuses)(status)),
  ended: ofCases.filter(isIn(endedStatuses)),
  all: ofCases,
};

/** The cases on this laptop. */
export default function CasesScreen() {
  const { t } = useTranslation('cases');
  const [show, setShow] = useState<Show>('open');
  const [text, setText] = useState('');
  const [, navigate] = useLocation();
  const filter: InputOf<'cases.list'> = {
    list: 'cases',
    statuses: [...statusesOf[show]],
    limit: 500,
    ...(text.trim() && { text: text.trim() }),
  };
  const { data, error } = useProcedure('cases.list', filter, useAllRevision());
  const isFiltered = text.trim() !== '' || show !== 'open';
  return (
    <Page>
      <PageHeader title={t('title')} note={data?.total} />
      <ErrorNote error={error} />
      <div className={styles.filters}>
        <div className={styles.filterText}>
          <TextField label={t('list.filter')} type="search" value={text} onChange={setText} />
        </div>
        <SegmentedControl
          aria-label={t('list.statusFilter')}
          options={(['open', 'ended', 'all'] as const).map((value) => ({
            value,
            label: t(`list.status_${value}`),
          }))}
          value={show}
          onChange={setShow}
        />
      </div>
      <Card padding="flush">
        {data === null ? (
          <Skeleton lines={8} shape="rows" />
        ) : data.lines.length > 0 ? (
          <CaseList lines={data.lines} onOpen={(line) => navigate(`/cases/${line.id}`)} />
        ) : isFiltered ? (
          <EmptyState title={t('list.noMatchTitle')}>{t('list.noMatchText')}</EmptyState>
        ) : (
          <EmptyState title={t('list.emptyTitle')}>{t('list.emptyText')}</EmptyState>
        )}
      </Card>
    </Page>
  );
}
