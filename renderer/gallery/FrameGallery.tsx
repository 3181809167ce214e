import { Button } from '../ui/button/Button.tsx';
import { Note } from '../ui/feedback/Note.tsx';
import { PassphraseField } from '../ui/field/TextField.tsx';
import { Card } from '../ui/layout/Card.tsx';
import { Page, Stack } from '../ui/layout/Page.tsx';
import { PageHeader } from '../ui/layout/PageHeader.tsx';

/** A narrow column, as the unlock screen is. */
export function FrameGallery() {
  return (
    <main style={{ maxWidth: 464, margin: '10vh auto 0' }}>
      <Page>
        <PageHeader title="TMA" />
        <Stack>
          <p>Laptop 17 · gesperrt seit 11:04 · zuletzt abgeglichen heute 09:12</p>
          <PassphraseField label="Passphrase" autoFocus />
          <Button tone="primary" size="large" wide>
            Entsperren
          </Button>
          <Note tone="warn">
            Noch 8 Versuche. Danach wird der Schlüssel auf diesem Gerät vernichtet; was schon abgeglichen ist,
            bleibt in der Zentrale.
          </Note>
          <Card title="Akute Gefahr" tone="danger">
            Polizei <b>110</b> · Werkschutz <b>0228 555 0100</b>
          </Card>
        </Stack>
      </Page>
    </main>
  );
}
