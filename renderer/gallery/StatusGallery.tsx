import { observationNatures } from '../../shared/domain/kinds/observation.ts';
import { concernLevels } from '../../shared/domain/levels.ts';
import { Button, ButtonLink, IconButton } from '../ui/button/Button.tsx';
import { EmptyState } from '../ui/feedback/EmptyState.tsx';
import { Note } from '../ui/feedback/Note.tsx';
import { ProgressBar, Skeleton } from '../ui/feedback/Progress.tsx';
import { toast } from '../ui/feedback/toasts.ts';
import { Card } from '../ui/layout/Card.tsx';
import { Columns, Page, Stack } from '../ui/layout/Page.tsx';
import { PageHeader } from '../ui/layout/PageHeader.tsx';
import { ImminentBadge, LevelBadge } from '../ui/status/LevelBadge.tsx';
import { StatusPill } from '../ui/status/StatusPill.tsx';
import { KindTag, PersonChip, Tag } from '../ui/status/Tag.tsx';
import { Kbd } from '../ui/text/Kbd.tsx';

const nothing = () => {};

/** Buttons, states, notes: what is shown everywhere. */
export function StatusGallery() {
  return (
    <main>
      <Page>
        <PageHeader
          context="Fall 2026-0147 · Bewertung 3 · Warnverhalten, Version 2.1"
          title="Drohungen nach Versetzung, Werk 3"
          status={
            <>
              <LevelBadge level="high" isImminent />
              <span>seit 19. Nov.</span>
            </>
          }
          actions={
            <>
              <Button>Vergleichen</Button>
              <Button tone="primary">Stufe entscheiden</Button>
            </>
          }
        />
        <Columns layout="even">
          <Buttons />
          <Levels />
        </Columns>
        <Columns layout="even">
          <Notes />
          <Waiting />
        </Columns>
      </Page>
    </main>
  );
}

function Buttons() {
  return (
    <Card title="Schaltflächen" actions={<Kbd keys="Ctrl+K" />}>
      <Stack>
        <Stack direction="across" gap={2}>
          <Button tone="primary" kbd="N">
            Meldung aufnehmen
          </Button>
          <Button>An Fallkonferenz geben</Button>
          <Button tone="quiet" kbd="Ctrl+L">
            Sperren
          </Button>
          <Button tone="danger">Maßnahme entfernen</Button>
        </Stack>
        <Stack direction="across" gap={2}>
          <Button tone="primary" isPending>
            Wird unterschrieben
          </Button>
          <Button isDisabled>Nicht möglich</Button>
          <Button tone="primary" isDisabled>
            Nicht möglich
          </Button>
          <ButtonLink href="#/reports" icon="arrowRight">
            Zu den Meldungen
          </ButtonLink>
          <IconButton icon="edit" label="Bearbeiten" />
          <IconButton icon="more" label="Weitere Aktionen" tone="normal" />
        </Stack>
        <Stack direction="across" gap={2}>
          <Button size="small" icon="add">
            verknüpfen
          </Button>
          <Button size="small" tone="quiet">
            klein und leise
          </Button>
          <Button
            size="small"
            onPress={() => toast('Maßnahme „Zutrittskarte sperren“ entfernt.', { undo: nothing })}
          >
            Mitteilung
          </Button>
          <Button
            size="small"
            onPress={() => toast('Der Eintrag wurde nicht gespeichert.', { tone: 'danger' })}
          >
            Fehler
          </Button>
        </Stack>
        <Button tone="primary" size="large" wide>
          Entsperren
        </Button>
      </Stack>
    </Card>
  );
}

function Levels() {
  return (
    <Card title="Stufen, Arten, Zustände" note={<Tag>6 von 8 bearbeitet</Tag>}>
      <Stack>
        <Stack direction="across" gap={5}>
          <LevelBadge level={null} />
          {concernLevels.map((level) => (
            <LevelBadge key={level} level={level} />
          ))}
        </Stack>
        <Stack direction="across" gap={5}>
          <ImminentBadge />
          <LevelBadge level="elevated" size="large" />
          <LevelBadge level="moderate" isContested />
        </Stack>
        <Stack direction="across" gap={5}>
          {observationNatures.map((nature) => (
            <KindTag key={nature} nature={nature} />
          ))}
        </Stack>
        <Stack direction="across" gap={2}>
          <Tag>neu</Tag>
          <Tag tone="accent">stärker</Tag>
          <Tag tone="ok">erledigt</Tag>
          <Tag tone="warn">2 Fassungen</Tag>
          <Tag tone="danger">Notfall</Tag>
        </Stack>
        <Stack direction="across" gap={2}>
          <PersonChip name="Martin Reuter" part="Person im Fokus" />
          <PersonChip name="Anna Lindner" part="Betroffene Person" />
        </Stack>
        <Stack direction="across" gap={2}>
          <StatusPill state="synced" unsent={0} lastSyncedAt="2026-11-23T14:31:00Z" onPress={nothing} />
          <StatusPill state="syncing" unsent={12} lastSyncedAt={null} onPress={nothing} />
          <StatusPill state="offline" unsent={3} lastSyncedAt={null} onPress={nothing} />
          <StatusPill state="attention" unsent={1} lastSyncedAt={null} onPress={nothing} />
        </Stack>
      </Stack>
    </Card>
  );
}

function Notes() {
  return (
    <Stack>
      <Note tone="warn" title="Begründung nötig.">
        Vorbereitung „möglich“ und Zugang zum Ziel liegen vor. Eine Stufe unter „erhöht“ braucht eine
        Begründung.
      </Note>
      <Note title="Offline.">Sie können weiterarbeiten. Gesendet wird, sobald Netz da ist.</Note>
      <Note tone="ok" title="Unterschrieben.">
        Die Bewertung gilt und ist auf diesem Gerät gespeichert.
      </Note>
      <Note
        tone="danger"
        title="Die Gegenstelle ist nicht die Zentrale."
        actions={<Button size="small">Erneut versuchen</Button>}
      >
        Ihr Zertifikat wurde nicht anerkannt; es wurde nichts gesendet.
      </Note>
      <Card title="Akute Gefahr" tone="danger">
        <p>
          Polizei <b>110</b> · Werkschutz <b>0228 555 0100</b>
        </p>
        <small>Auch ohne Netz und gesperrt erreichbar.</small>
      </Card>
    </Stack>
  );
}

function Waiting() {
  return (
    <Stack>
      <Card title="Abgleich" actions={<Tag>seit 09:12 offline</Tag>}>
        <Stack gap={3}>
          <p>3 Änderungen warten, die älteste seit 48 Min.</p>
          <ProgressBar label="Anhänge" done={18} total={25} />
          <ProgressBar label="Erster Abgleich" done={12_480} total={100_000} />
        </Stack>
      </Card>
      <Card padding="flush">
        <EmptyState
          icon="done"
          title="Nichts zu tun"
          actions={
            <Button tone="primary" kbd="N">
              Meldung aufnehmen
            </Button>
          }
        >
          Neue Meldungen, Fristen und Konflikte erscheinen hier. Nehmen Sie eine Meldung auf, wenn jemand
          anruft.
        </EmptyState>
      </Card>
      <Card title="Wird geladen" padding="flush">
        <Skeleton lines={3} />
      </Card>
    </Stack>
  );
}
