import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { type SyncCase, syncCaseStates } from '../../../shared/contract/syncViews.ts';
import { TmaError } from '../../../shared/errors.ts';
import { useErrorText } from '../../i18n/errorText.ts';
import { useSync } from '../../state/sync.ts';
import { useProcedure } from '../../state/useProcedure.ts';
import { EmptyState } from '../../ui/feedback/EmptyState.tsx';
import { ErrorNote } from '../../ui/feedback/ErrorNote.tsx';
import { Note } from '../../ui/feedback/Note.tsx';
import { Skeleton } from '../../ui/feedback/Progress.tsx';
import { SegmentedControl } from '../../ui/field/SegmentedControl.tsx';
import { Card } from '../../ui/layout/Card.tsx';
import { Tag, type TagTone } from '../../ui/status/Tag.tsx';
import type { Column } from '../../ui/table/columns.ts';
import { Table } from '../../ui/table/Table.tsx';
import { VirtualTable } from '../../ui/table/VirtualTable.tsx';
import { RelativeTime } from '../../ui/text/DateTime.tsx';
import { Quiet } from '../../ui/text/Quiet.tsx';
import styles from './sync.module.css';
import { useSyncRevision } from './useSyncRevision.ts';

/** More rows than this are drawn as they come into view. */
const longList = 40;

/** Case by case: what waits and since when, what is kept back and why, when it last agreed with the service. */
export function CasesCard() {
  const { t } = useTranslation('sync');
  const [which, setWhich] = useState<'open' | 'all'>('open');
  const { data, error } = useProcedure('sync.cases', { which }, useSyncRevision());
  const [, navigate] = useLocation();
  const columns = useCaseColumns();
  const errorText = useErrorText();
  const isFirst = useSync()?.lastSuccessAt === null;
  const aside = data?.lines.find((line) => line.state === 'set-aside');
  const reason = aside?.code ? errorText(new TmaError(aside.code)) : null;
  const List = (data?.lines.length ?? 0) > longList ? VirtualTable : Table;
  return (
    <Card
      title={t('cases.title')}
      padding="flush"
      actions={
        <SegmentedControl
          aria-label={t('cases.which')}
          options={[
            { value: 'open', label: t('cases.open', { count: data?.open ?? 0 }) },
            { value: 'all', label: t('cases.all', { count: data?.total ?? 0 }) },
          ]}
          value={which}
          onChange={setWhich}
        />
      }
    >
      <ErrorNote error={error} />
      {reason && (
        <div className={styles.reason}>
          <Note tone="warn" title={reason.title}>
            {reason.text}
          </Note>
        </div>
      )}
      {data === null ? (
        <Skeleton lines={3} shape="rows" />
      ) : data.lines.length === 0 ? (
        <EmptyState title={t(which === 'open' ? 'cases.nothingOpen' : 'cases.none')} icon="done">
          {t(which === 'all' ? 'cases.noneText' : isFirst ? 'cases.firstText' : 'cases.nothingOpenText')}
        </EmptyState>
      ) : (
        <List
          label={t('cases.title')}
          columns={columns}
          rows={data.lines}
          rowKey={(line) => line.caseId}
          onOpen={(line) => line.title !== null && navigate(`/cases/${line.caseId}`)}
        />
      )}
    </Card>
  );
}

/** Where the case stands; what waits in it, and the oldest of that since when. */
function State({ line }: { readonly line: SyncCase }) {
  const { t } = useTranslation('sync');
  const { state, unsent, oldestUnsentAt } = line;
  return (
    <>
      <Tag tone={tones[state]}>
        {state === 'waiting' ? t('cases.waiting', { count: unsent }) : t(`cases.states.${state}`)}
      </Tag>
      {state !== 'waiting' && unsent > 0 && <Quiet> {t('cases.waiting', { count: unsent })}</Quiet>}
      {oldestUnsentAt !== null && (
        <div>
          <Quiet>
            {t('cases.oldest')} <RelativeTime value={oldestUnsentAt} />
          </Quiet>
        </div>
      )}
    </>
  );
}

const tones: Readonly<Record<SyncCase['state'], TagTone>> = {
  'set-aside': 'warn',
  refused: 'warn',
  waiting: 'neutral',
  same: 'ok',
};

function useCaseColumns(): readonly Column<SyncCase>[] {
  const { t } = useTranslation(['sync', 'cases']);
  return useMemo<readonly Column<SyncCase>[]>(
    () => [
      {
        id: 'case',
        header: t('sync:cases.case'),
        isRowHeader: true,
        sortBy: (line) => line.number,
        cell: (line) =>
          line.title === null ? (
            t('sync:cases.notHere')
          ) : (
            <>
              <b>{line.number ?? t('cases:numberPending')}</b> {line.title}
            </>
          ),
      },
      {
        id: 'state',
        header: t('sync:cases.state'),
        width: '184px',
        sortBy: (line) => syncCaseStates.indexOf(line.state),
        cell: (line) => <State line={line} />,
      },
      {
        id: 'last',
        header: t('sync:cases.last'),
        width: '112px',
        sortBy: (line) => line.lastSuccessAt,
        cell: (line) =>
          line.lastSuccessAt === null ? t('sync:cases.never') : <RelativeTime value={line.lastSuccessAt} />,
      },
    ],
    [t],
  );
}
