import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseView } from '../../../shared/contract/views.ts';
import { recordsOf, type Typed } from '../../state/record.ts';
import { useUserName } from '../../state/reference.ts';
import { mayEdit } from '../../state/rights.ts';
import { Button } from '../../ui/button/Button.tsx';
import { EmptyState } from '../../ui/feedback/EmptyState.tsx';
import { Card } from '../../ui/layout/Card.tsx';
import { Tag } from '../../ui/status/Tag.tsx';
import type { Column } from '../../ui/table/columns.ts';
import { Table } from '../../ui/table/Table.tsx';
import { DueDate } from '../../ui/text/DateTime.tsx';
import { Quiet } from '../../ui/text/Quiet.tsx';
import { ContestedMark } from '../cases/ContestedMark.tsx';
import { RecordDetail } from '../cases/RecordDetail.tsx';
import { useDriverLabel } from './drivers.ts';
import { MeasureDialog } from './MeasureDialog.tsx';
import { useMeasureTitle } from './useMeasureTitle.ts';

type Measure = Typed<'measure'>;

/** What is being done, by whom, until when, and against what. */
export function MeasuresTab({ view }: { readonly view: CaseView }) {
  const { t } = useTranslation(['measures', 'cases']);
  const [edited, setEdited] = useState<Measure | 'new' | null>(null);
  const measures = recordsOf(view, 'measure');
  const columns = useMeasureColumns();
  const isEditable = mayEdit(view, 'measure');
  const measureTitle = useMeasureTitle();
  const add = isEditable && (
    <Button tone="primary" icon="add" onPress={() => setEdited('new')}>
      {t('measures:add')}
    </Button>
  );
  return (
    <Card title={t('cases:tabs.measures')} padding="flush" actions={measures.length > 0 && add}>
      {measures.length === 0 ? (
        <EmptyState title={t('measures:emptyTitle')} actions={add}>
          {t('measures:emptyText')}
        </EmptyState>
      ) : (
        <Table
          label={t('cases:tabs.measures')}
          columns={columns}
          rows={measures}
          rowKey={(measure) => measure.id}
          onOpen={setEdited}
          initialSort={{ column: 'due', direction: 'ascending' }}
        />
      )}
      {edited !== null && edited !== 'new' && !isEditable && (
        <RecordDetail
          view={view}
          record={edited}
          title={measureTitle(edited.values.code, edited.values.title)}
          onClose={() => setEdited(null)}
        />
      )}
      {edited !== null && isEditable && (
        <MeasureDialog
          view={view}
          measure={edited === 'new' ? null : edited}
          onClose={() => setEdited(null)}
        />
      )}
    </Card>
  );
}

function isOver(status: Measure['values']['status']): boolean {
  return status === 'done' || status === 'cancelled';
}

function useMeasureColumns(): readonly Column<Measure>[] {
  const { t } = useTranslation(['measures', 'common']);
  const measureTitle = useMeasureTitle();
  const driverLabel = useDriverLabel();
  const userName = useUserName();
  return useMemo<readonly Column<Measure>[]>(
    () => [
      {
        id: 'title',
        header: t('measures:title'),
        width: 'minmax(0, 2fr)',
        isRowHeader: true,
        sortBy: ({ values }) => measureTitle(values.code, values.title),
        cell: (measure) => (
          <>
            <b>{measureTitle(measure.values.code, measure.values.title)}</b>{' '}
            <ContestedMark record={measure} />
          </>
        ),
      },
      {
        id: 'driver',
        header: t('measures:driver'),
        cell: ({ values }) => (values.driver ? driverLabel(values.driver) : <Quiet>–</Quiet>),
      },
      {
        id: 'owner',
        header: t('measures:owner'),
        width: '160px',
        sortBy: ({ values }) => userName(values.owner),
        cell: ({ values }) => userName(values.owner) ?? <Quiet>–</Quiet>,
      },
      {
        id: 'due',
        header: t('measures:due'),
        width: '168px',
        // What is over needs nobody any more and comes last.
        sortBy: ({ values }) => (isOver(values.status) ? null : (values.due ?? null)),
        cell: ({ values }) =>
          isOver(values.status) ? <Quiet>–</Quiet> : <DueDate value={values.due ?? null} />,
      },
      {
        id: 'status',
        header: t('measures:status'),
        width: '120px',
        sortBy: ({ values }) => values.status ?? null,
        cell: ({ values }) =>
          values.status && (
            <Tag tone={values.status === 'done' ? 'ok' : 'neutral'}>
              {t(`common:term.measureStatus.${values.status}`)}
            </Tag>
          ),
      },
    ],
    [t, measureTitle, driverLabel, userName],
  );
}
