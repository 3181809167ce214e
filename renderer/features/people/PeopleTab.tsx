import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseView } from '../../../shared/contract/views.ts';
import { recordsOf, type Typed } from '../../state/record.ts';
import { mayEdit, sealedIn } from '../../state/rights.ts';
import { Button } from '../../ui/button/Button.tsx';
import { EmptyState } from '../../ui/feedback/EmptyState.tsx';
import { Card } from '../../ui/layout/Card.tsx';
import { Tag } from '../../ui/status/Tag.tsx';
import type { Column } from '../../ui/table/columns.ts';
import { Table } from '../../ui/table/Table.tsx';
import { Quiet } from '../../ui/text/Quiet.tsx';
import { ContestedMark } from '../cases/ContestedMark.tsx';
import { RecordDetail } from '../cases/RecordDetail.tsx';
import { PersonDialog } from './PersonDialog.tsx';

type Person = Typed<'person'>;

/** The people in a case and the part each has in it. */
export function PeopleTab({ view }: { readonly view: CaseView }) {
  const { t } = useTranslation(['people', 'cases']);
  const [edited, setEdited] = useState<Person | 'new' | null>(null);
  const people = recordsOf(view, 'person');
  const columns = usePersonColumns(view);
  const isEditable = mayEdit(view, 'person');
  const add = isEditable && (
    <Button tone="primary" icon="add" onPress={() => setEdited('new')}>
      {t('people:add')}
    </Button>
  );
  return (
    <Card title={t('cases:tabs.people')} padding="flush" actions={people.length > 0 && add}>
      {people.length === 0 ? (
        <EmptyState title={t('people:emptyTitle')} icon="person" actions={add}>
          {t('people:emptyText')}
        </EmptyState>
      ) : (
        <Table
          label={t('cases:tabs.people')}
          columns={columns}
          rows={people}
          rowKey={(person) => person.id}
          onOpen={setEdited}
        />
      )}
      {edited !== null && edited !== 'new' && !isEditable && (
        <RecordDetail
          view={view}
          record={edited}
          title={edited.values.name ?? '–'}
          onClose={() => setEdited(null)}
        />
      )}
      {edited !== null && isEditable && (
        <PersonDialog view={view} person={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />
      )}
    </Card>
  );
}

function usePersonColumns(view: CaseView): readonly Column<Person>[] {
  const { t } = useTranslation(['people', 'common', 'cases']);
  return useMemo<readonly Column<Person>[]>(
    () => [
      {
        id: 'name',
        header: t('people:name'),
        isRowHeader: true,
        sortBy: ({ values }) => values.name ?? null,
        cell: (person) => (
          <>
            <b>{person.values.name}</b> <ContestedMark record={person} />{' '}
            {sealedIn(view, person.id) && <Tag>{t('cases:sealed.mark')}</Tag>}
          </>
        ),
      },
      {
        id: 'role',
        header: t('people:role'),
        width: '176px',
        sortBy: ({ values }) => values.role ?? null,
        cell: ({ values }) => values.role && t(`common:term.personRole.${values.role}`),
      },
      {
        id: 'position',
        header: t('people:position'),
        cell: ({ values }) =>
          [values.position, values.department].filter(Boolean).join(', ') || <Quiet>–</Quiet>,
      },
      { id: 'access', header: t('people:access'), cell: ({ values }) => values.access ?? <Quiet>–</Quiet> },
    ],
    [t, view],
  );
}
