import { useState } from 'react';
import type { ConcernLevel } from '../../shared/domain/levels.ts';
import { Button } from '../ui/button/Button.tsx';
import { LevelChart } from '../ui/chart/LevelChart.tsx';
import { SegmentedControl } from '../ui/field/SegmentedControl.tsx';
import { Card } from '../ui/layout/Card.tsx';
import { DescriptionList } from '../ui/layout/DescriptionList.tsx';
import { Columns, Page, Stack } from '../ui/layout/Page.tsx';
import { PageHeader } from '../ui/layout/PageHeader.tsx';
import { Tabs } from '../ui/layout/Tabs.tsx';
import { Timeline } from '../ui/layout/Timeline.tsx';
import { ConfirmDialog, Dialog } from '../ui/overlay/Dialog.tsx';
import { Menu } from '../ui/overlay/Menu.tsx';
import { Tooltip } from '../ui/overlay/Tooltip.tsx';
import { LevelBadge } from '../ui/status/LevelBadge.tsx';
import { KindTag } from '../ui/status/Tag.tsx';
import type { Column } from '../ui/table/columns.ts';
import { Table } from '../ui/table/Table.tsx';
import { DateTime, DueDate } from '../ui/text/DateTime.tsx';
import { DiffText } from '../ui/text/DiffText.tsx';
import { Quiet } from '../ui/text/Quiet.tsx';

interface Task {
  readonly id: string;
  readonly kind: string;
  readonly text: string;
  readonly number: string | null;
  readonly level: ConcernLevel | null;
  readonly due: string | null;
}

const inMinutes = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString();
const tasks: readonly Task[] = [
  {
    id: '1',
    kind: 'Ersteinschätzung',
    text: 'anonyme Meldung, Standort Bonn',
    number: null,
    level: null,
    due: inMinutes(-40),
  },
  {
    id: '2',
    kind: 'Wiedervorlage',
    text: 'Bewertung erneuern (Auslöser: Freistellung)',
    number: '2026-0147',
    level: 'high',
    due: inMinutes(90),
  },
  {
    id: '3',
    kind: 'Freigabe',
    text: 'Bewertung der zweiten Fachkraft',
    number: '2026-0139',
    level: 'elevated',
    due: inMinutes(60 * 50),
  },
  {
    id: '4',
    kind: 'Konflikt',
    text: 'Merkmal „Fixierung“, zwei Fassungen',
    number: '2026-0131',
    level: 'moderate',
    due: null,
  },
  {
    id: '5',
    kind: 'Maßnahme',
    text: 'Zutrittskarte sperren, Werk 3',
    number: '2026-0098',
    level: 'low',
    due: inMinutes(60 * 240),
  },
];
const columns: readonly Column<Task>[] = [
  {
    id: 'what',
    header: 'Was',
    sortBy: (task) => task.kind,
    cell: (task) => (
      <>
        <b>{task.kind}</b> · {task.text}
      </>
    ),
  },
  {
    id: 'case',
    header: 'Fall',
    width: '104px',
    sortBy: (task) => task.number,
    cell: (task) => task.number ?? '–',
  },
  { id: 'level', header: 'Stufe', width: '104px', cell: (task) => <LevelBadge level={task.level} /> },
  {
    id: 'due',
    header: 'Frist',
    width: '184px',
    sortBy: (task) => task.due,
    cell: (task) => <DueDate value={task.due} />,
  },
];
const tabs = [
  { id: 'overview', label: 'Übersicht' },
  { id: 'people', label: 'Personen', count: 3 },
  { id: 'observations', label: 'Beobachtungen', count: 12 },
  { id: 'assessments', label: 'Bewertungen', count: 2 },
  { id: 'measures', label: 'Maßnahmen' },
  { id: 'history', label: 'Historie' },
] as const;
const base = 'Spricht häufig über die frühere Leitung.';

/** Everything that shows data, and what lies above it. */
export function DataGallery() {
  const [tab, setTab] = useState<(typeof tabs)[number]['id']>('overview');
  return (
    <main>
      <Page>
        <PageHeader title="Daten" actions={<Overlays />} />
        <Tabs label="Bereiche des Falls" items={tabs} selected={tab} onSelect={setTab}>
          <Columns>
            <Stack gap={5}>
              <Tasks />
              <Versions />
            </Stack>
            <Stack gap={5}>
              <Evidence />
              <Card title="Stufe im Verlauf">
                <LevelChart
                  steps={[
                    { at: '2026-10-02', level: 'low' },
                    { at: '2026-10-21', level: 'moderate' },
                    { at: '2026-11-09', level: 'elevated' },
                    { at: '2026-11-19', level: 'high' },
                  ]}
                />
              </Card>
              <Facts />
            </Stack>
          </Columns>
        </Tabs>
      </Page>
    </main>
  );
}

function Tasks() {
  const [order, setOrder] = useState<'due' | 'case'>('due');
  const [opened, setOpened] = useState('2');
  return (
    <Card
      title="Heute zu tun"
      padding="flush"
      actions={
        <SegmentedControl
          aria-label="Ordnung"
          options={[
            { value: 'due', label: 'Fällig' },
            { value: 'case', label: 'Nach Fall' },
          ]}
          value={order}
          onChange={setOrder}
        />
      }
    >
      <Table
        label="Heute zu tun"
        columns={columns}
        rows={tasks}
        rowKey={(task) => task.id}
        chosen={opened}
        onOpen={(task) => setOpened(task.id)}
      />
    </Card>
  );
}

function Versions() {
  return (
    <Columns layout="even">
      <Card title="Ihre Fassung" tone="chosen">
        <Stack gap={3}>
          <DiffText
            base={base}
            text="Spricht täglich über die frühere Leitung, vernachlässigt Arbeit und Kontakte."
          />
          <Quiet>
            <DateTime value="2026-11-20T13:55:00Z" /> · Sie · Laptop 17
          </Quiet>
        </Stack>
      </Card>
      <Card title="Andere Fassung">
        <Stack gap={3}>
          <DiffText
            base={base}
            text="Spricht über die frühere Leitung; laut Betriebsarzt zuletzt ruhiger."
            tone="other"
            showRemoved
          />
          <Quiet>
            <DateTime value="2026-11-20T14:10:00Z" /> · Zweite Fachkraft · Laptop 22
          </Quiet>
        </Stack>
      </Card>
    </Columns>
  );
}

function Evidence() {
  return (
    <Card title="Verlauf">
      <Timeline
        label="Verlauf"
        entries={[
          {
            id: '1',
            at: '2026-11-18T20:40:00Z',
            icon: 'observation',
            title: <KindTag nature="fact" />,
            children: 'Screenshot: Lageplan des Parkhauses, an Kollegin geschickt.',
          },
          {
            id: '2',
            at: null,
            atNote: 'um den 15. Nov.',
            icon: 'observation',
            title: <KindTag nature="hearsay" />,
            children: 'Soll nach Dienstzeiten der Leitung gefragt haben.',
          },
          { id: '3', at: '2026-11-09', icon: 'flag', tone: 'strong', title: 'Stufe erhöht festgelegt' },
          { id: '4', at: '2026-10-02', title: 'Fall eröffnet' },
        ]}
      />
    </Card>
  );
}

function Facts() {
  return (
    <Card title="Fall">
      <DescriptionList
        items={[
          { term: 'Nummer', value: '2026-0147' },
          { term: 'Standort', value: 'Werk 3' },
          { term: 'Zweck', value: 'Schutz der Beschäftigten vor Gewalt am Arbeitsplatz' },
          { term: 'Fallleitung', value: null },
        ]}
      />
    </Card>
  );
}

function Overlays() {
  const [open, setOpen] = useState<'dialog' | 'confirm' | null>(null);
  const close = () => setOpen(null);
  return (
    <>
      <Menu
        actions={[
          { id: 'edit', label: 'Bearbeiten', icon: 'edit', onAction: close, kbd: 'E' },
          {
            id: 'history',
            label: 'Historie',
            icon: 'history',
            onAction: close,
            description: 'Wer hat was geändert',
          },
          {
            id: 'remove',
            label: 'Entfernen',
            icon: 'close',
            tone: 'danger',
            startsGroup: true,
            onAction: close,
          },
        ]}
      />
      <Tooltip text="Öffnet ein Fenster über dieser Ansicht">
        <Button onPress={() => setOpen('dialog')}>Fenster</Button>
      </Tooltip>
      <Button onPress={() => setOpen('confirm')}>Frage</Button>
      <Dialog
        title="Stufe entscheiden"
        isOpen={open === 'dialog'}
        onClose={close}
        actions={
          <>
            <Button tone="primary" onPress={close}>
              Unterschreiben
            </Button>
            <Button onPress={close}>Abbrechen</Button>
          </>
        }
      >
        <p>Die Stufe ist Ihr begründetes Urteil. Die Bewertung lässt sich danach nicht mehr ändern.</p>
      </Dialog>
      <ConfirmDialog
        title="Maßnahme entfernen?"
        confirmLabel="Maßnahme entfernen"
        isOpen={open === 'confirm'}
        onConfirm={close}
        onClose={close}
      >
        Sie verschwindet aus dem Plan und bleibt in der Historie. Sie können sie wieder aufnehmen.
      </ConfirmDialog>
    </>
  );
}
