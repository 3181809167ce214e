import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { ConflictLine } from '../../../shared/contract/conflictViews.ts';
import { useAllRevision } from '../../state/revisions.ts';
import { useProcedure } from '../../state/useProcedure.ts';
import { EmptyState } from '../../ui/feedback/EmptyState.tsx';
import { ErrorNote } from '../../ui/feedback/ErrorNote.tsx';
import { Skeleton } from '../../ui/feedback/Progress.tsx';
import { Card } from '../../ui/layout/Card.tsx';
import { Page } from '../../ui/layout/Page.tsx';
import { PageHeader } from '../../ui/layout/PageHeader.tsx';
import { LevelBadge } from '../../ui/status/LevelBadge.tsx';
import type { Column } from '../../ui/table/columns.ts';
import { Table } from '../../ui/table/Table.tsx';
import { RelativeTime } from '../../ui/text/DateTime.tsx';
import { Quiet } from '../../ui/text/Quiet.tsx';
import { useFieldLabel, useKindLabel } from '../cases/labels.ts';
import styles from './conflicts.module.css';
import { conflictPath } from './paths.ts';

/** Every place where people wrote different things apart. */
export default function ConflictsScreen() {
  const { t } = useTranslation('conflicts');
  const { data, error } = useProcedure('conflicts.list', {}, useAllRevision());
  const [, navigate] = useLocation();
  const columns = useConflictColumns();
  return (
    <Page>
      <PageHeader
        title={t('title')}
        note={data && data.lines.length > 0 && t('count', { count: data.lines.length })}
      />
      <ErrorNote error={error} />
      {data && data.lines.length > 0 && (
        <p>
          <Quiet>{t('setHint')}</Quiet>
        </p>
      )}
      <Card padding="flush">
        {data === null ? (
          <Skeleton lines={4} shape="rows" />
        ) : data.lines.length === 0 ? (
          <EmptyState title={t('emptyTitle')} icon="done">
            {t('emptyText')}
          </EmptyState>
        ) : (
          <Table
            label={t('title')}
            columns={columns}
            rows={data.lines}
            rowKey={conflictPath}
            onOpen={(line) => navigate(conflictPath(line))}
          />
        )}
      </Card>
    </Page>
  );
}

function useConflictColumns(): readonly Column<ConflictLine>[] {
  const { t } = useTranslation(['conflicts', 'cases']);
  const fieldLabel = useFieldLabel();
  const kindLabel = useKindLabel();
  return useMemo<readonly Column<ConflictLine>[]>(
    () => [
      {
        id: 'field',
        header: t('conflicts:list.field'),
        width: '168px',
        isRowHeader: true,
        sortBy: (line) => fieldLabel(line.field),
        cell: (line) => <b>{fieldLabel(line.field)}</b>,
      },
      {
        id: 'record',
        header: t('conflicts:list.record'),
        cell: (line) => (
          <>
            {kindLabel(line.kind)}
            {line.recordTitle && (
              <span className={styles.recordTitle}>
                <Quiet>{line.recordTitle}</Quiet>
              </span>
            )}
          </>
        ),
      },
      {
        id: 'case',
        header: t('conflicts:list.case'),
        width: 'minmax(0, 1fr)',
        sortBy: (line) => line.number,
        cell: (line) => `${line.number ?? t('cases:numberPending')} · ${line.caseTitle}`,
      },
      {
        id: 'level',
        header: t('conflicts:list.level'),
        width: '104px',
        cell: (line) => <LevelBadge level={line.level} />,
      },
      {
        id: 'since',
        header: t('conflicts:list.since'),
        width: '96px',
        sortBy: (line) => line.since,
        cell: (line) => <RelativeTime value={line.since} />,
      },
    ],
    [t, fieldLabel, kindLabel],
  );
}
