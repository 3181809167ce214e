import { useMemo, useState } from 'react';
import { DropZone } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { CaseView } from '../../../shared/contract/views.ts';
import type { RecordId } from '../../../shared/ids.ts';
import { useFormat } from '../../i18n/useFormat.ts';
import { recordsOf } from '../../state/record.ts';
import { mayEdit } from '../../state/rights.ts';
import { Button } from '../../ui/button/Button.tsx';
import { EmptyState } from '../../ui/feedback/EmptyState.tsx';
import { Card } from '../../ui/layout/Card.tsx';
import type { Column } from '../../ui/table/columns.ts';
import { Table } from '../../ui/table/Table.tsx';
import { DateTime } from '../../ui/text/DateTime.tsx';
import { Quiet } from '../../ui/text/Quiet.tsx';
import { ContestedMark } from '../cases/ContestedMark.tsx';
import { AddEvidence } from './AddEvidence.tsx';
import { EvidenceDialog } from './EvidenceDialog.tsx';
import styles from './evidence.module.css';
import { type EvidenceRecord, type Place, typeWord } from './types.ts';
import { usePlaces } from './usePlaces.ts';

/** The files of a case; what is dropped on them is added. */
export function EvidenceTab({ view }: { readonly view: CaseView }) {
  const { t } = useTranslation(['evidence', 'cases']);
  const [adding, setAdding] = useState<File | 'unchosen' | null>(null);
  const [opened, setOpened] = useState<RecordId | null>(null);
  const evidence = recordsOf(view, 'evidence');
  const shown = evidence.find(({ id }) => id === opened);
  const placeOf = usePlaces(view.line.id);
  const columns = useEvidenceColumns(placeOf);
  const isEditable = mayEdit(view, 'evidence');
  const add = isEditable && (
    <Button tone="primary" icon="add" onPress={() => setAdding('unchosen')}>
      {t('evidence:add')}
    </Button>
  );
  return (
    <DropZone
      className={styles.drop ?? ''}
      aria-label={t('evidence:drop')}
      onDrop={({ items }) => {
        const file = items.find((item) => item.kind === 'file');
        if (file !== undefined && isEditable) void file.getFile().then(setAdding);
      }}
    >
      <Card title={t('cases:tabs.evidence')} padding="flush" actions={evidence.length > 0 && add}>
        {evidence.length === 0 ? (
          <EmptyState title={t('evidence:emptyTitle')} actions={add}>
            {t('evidence:emptyText')}
          </EmptyState>
        ) : (
          <Table
            label={t('cases:tabs.evidence')}
            columns={columns}
            rows={evidence}
            rowKey={({ id }) => id}
            onOpen={({ id }) => setOpened(id)}
            initialSort={{ column: 'addedAt', direction: 'descending' }}
          />
        )}
      </Card>
      {adding !== null && (
        <AddEvidence
          caseId={view.line.id}
          dropped={adding === 'unchosen' ? null : adding}
          onClose={() => setAdding(null)}
        />
      )}
      {shown && (
        <EvidenceDialog
          view={view}
          evidence={shown}
          place={placeOf(shown.id)}
          onClose={() => setOpened(null)}
        />
      )}
    </DropZone>
  );
}

function useEvidenceColumns(placeOf: (record: RecordId) => Place | null): readonly Column<EvidenceRecord>[] {
  const { t } = useTranslation(['evidence', 'common']);
  const format = useFormat();
  return useMemo<readonly Column<EvidenceRecord>[]>(
    () => [
      {
        id: 'name',
        header: t('evidence:name'),
        width: 'minmax(0, 2fr)',
        isRowHeader: true,
        sortBy: ({ values }) => values.name ?? null,
        cell: (record) => (
          <>
            <b>{record.values.name}</b> <ContestedMark record={record} />
          </>
        ),
      },
      {
        id: 'type',
        header: t('evidence:type'),
        width: '132px',
        sortBy: ({ values }) => t(`common:term.mediaType.${typeWord(values.mediaType)}`),
        cell: ({ values }) => t(`common:term.mediaType.${typeWord(values.mediaType)}`),
      },
      {
        id: 'size',
        header: t('evidence:size'),
        width: '92px',
        sortBy: ({ values }) => values.sizeBytes ?? null,
        cell: ({ values }) => format.bytes(values.sizeBytes ?? 0),
      },
      {
        id: 'source',
        header: t('evidence:source'),
        sortBy: ({ values }) => values.source ?? null,
        cell: ({ values }) => values.source ?? <Quiet>–</Quiet>,
      },
      {
        id: 'addedAt',
        header: t('evidence:addedAt'),
        width: '132px',
        sortBy: ({ values }) => values.addedAt ?? null,
        cell: ({ values }) => values.addedAt && <DateTime value={values.addedAt} />,
      },
      {
        id: 'place',
        header: t('evidence:place'),
        width: '184px',
        cell({ id }) {
          const place = placeOf(id);
          return place === null ? null : <Quiet>{t(`evidence:places.${place}`)}</Quiet>;
        },
      },
    ],
    [t, format, placeOf],
  );
}
