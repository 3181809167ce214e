import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { useAllRevision } from '../../state/revisions.ts';
import { useProcedure } from '../../state/useProcedure.ts';
import { ButtonLink } from '../../ui/button/Button.tsx';
import { EmptyState } from '../../ui/feedback/EmptyState.tsx';
import { ErrorNote } from '../../ui/feedback/ErrorNote.tsx';
import { Skeleton } from '../../ui/feedback/Progress.tsx';
import { Card } from '../../ui/layout/Card.tsx';
import { Page } from '../../ui/layout/Page.tsx';
import { PageHeader } from '../../ui/layout/PageHeader.tsx';
import { ReportList } from './ReportList.tsx';

const listed = { list: 'reports', sort: 'received', descending: false, limit: 500 } as const;

/** Reports that triage has not decided yet, emergencies first. */
export default function ReportsScreen() {
  const { t } = useTranslation('reports');
  const { data, error } = useProcedure('cases.list', listed, useAllRevision());
  const [, navigate] = useLocation();
  return (
    <Page>
      <PageHeader
        title={t('title')}
        note={data && data.total > 0 && t('count', { count: data.total })}
        actions={
          <ButtonLink href="#/reports/new" tone="primary" kbd="N">
            {t('take.open')}
          </ButtonLink>
        }
      />
      <ErrorNote error={error} />
      <Card padding="flush">
        {data === null ? (
          <Skeleton lines={6} shape="rows" />
        ) : data.lines.length === 0 ? (
          <EmptyState title={t('list.emptyTitle')} icon="done">
            {t('list.emptyText')}
          </EmptyState>
        ) : (
          <ReportList lines={data.lines} onOpen={(line) => navigate(`/reports/${line.id}`)} />
        )}
      </Card>
    </Page>
  );
}
