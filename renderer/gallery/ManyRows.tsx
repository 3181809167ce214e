import { useState } from 'react';
import { concernLevels } from '../../shared/domain/levels.ts';
import { Card } from '../ui/layout/Card.tsx';
import { Columns, Page, Stack } from '../ui/layout/Page.tsx';
import { PageHeader } from '../ui/layout/PageHeader.tsx';
import { LevelBadge } from '../ui/status/LevelBadge.tsx';
import { Tag } from '../ui/status/Tag.tsx';
import type { Column } from '../ui/table/columns.ts';
import { VirtualList } from '../ui/table/VirtualList.tsx';
import { VirtualTable } from '../ui/table/VirtualTable.tsx';
import { DueDate, RelativeTime } from '../ui/text/DateTime.tsx';
import { Quiet } from '../ui/text/Quiet.tsx';

const count = 10_000;
const rows = Array.from({ length: count }, (_, index) => ({
  id: String(index),
  number: `2026-${String(index).padStart(5, '0')}`,
  title: `Drohung am Arbeitsplatz, Standort ${(index * 7) % 43}`,
  level: concernLevels[(index * 3) % concernLevels.length] ?? null,
  due: new Date(Date.UTC(2026, 10, 20) + index * 3_600_000).toISOString(),
}));
type CaseRow = (typeof rows)[number];
const columns: readonly Column<CaseRow>[] = [
  { id: 'number', header: 'Fall', width: '120px', sortBy: (row) => row.number, cell: (row) => row.number },
  { id: 'title', header: 'Titel', isRowHeader: true, sortBy: (row) => row.title, cell: (row) => row.title },
  { id: 'level', header: 'Stufe', width: '140px', cell: (row) => <LevelBadge level={row.level} /> },
  { id: 'status', header: 'Status', width: '140px', cell: () => <Tag>in Klärung</Tag> },
  {
    id: 'due',
    header: 'Frist',
    width: '180px',
    sortBy: (row) => row.due,
    cell: (row) => <DueDate value={row.due} />,
  },
];

/** Ten thousand cases, for the measurement of smoothness. */
export function ManyRows() {
  const [opened, setOpened] = useState<string | null>(null);
  return (
    <main>
      <Page>
        <PageHeader title="Fälle" note={opened === null ? `${count}` : `geöffnet: ${opened}`} />
        <Columns>
          <Card padding="flush">
            <VirtualTable
              label="Fälle"
              columns={columns}
              rows={rows}
              rowKey={(row) => row.id}
              chosen={opened}
              onOpen={(row) => setOpened(row.id)}
            />
          </Card>
          <Card title="Historie" padding="flush">
            <VirtualList label="Historie" items={rows} itemKey={(row) => row.id}>
              {(row) => <Change row={row} />}
            </VirtualList>
          </Card>
        </Columns>
      </Page>
    </main>
  );
}

function Change({ row }: { readonly row: CaseRow }) {
  return (
    <div style={{ padding: 'var(--s-2) var(--s-4)' }}>
      <Stack gap={1}>
        <span>{row.title}</span>
        <Quiet>
          {row.number} · <RelativeTime value={row.due} />
        </Quiet>
      </Stack>
    </div>
  );
}
