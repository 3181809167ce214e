import { useState } from 'react';
import { type WarningBehaviour, warningBehaviours } from '../../shared/domain/behaviours.ts';
import { Button } from '../ui/button/Button.tsx';
import { Checkbox, CheckboxGroup, RadioGroup, Switch } from '../ui/field/Choice.tsx';
import { DateField, DateTimeField } from '../ui/field/DateField.tsx';
import { Form, FormActions, FormRow, FormSection } from '../ui/field/Form.tsx';
import { SegmentedControl } from '../ui/field/SegmentedControl.tsx';
import { ComboBox, Select } from '../ui/field/Select.tsx';
import { TagPicker } from '../ui/field/TagPicker.tsx';
import { PassphraseField, TextArea, TextField } from '../ui/field/TextField.tsx';
import { Card } from '../ui/layout/Card.tsx';
import { Columns, Page, Stack } from '../ui/layout/Page.tsx';
import { PageHeader } from '../ui/layout/PageHeader.tsx';

const channels = [
  { value: 'phone', label: 'Telefon' },
  { value: 'in-person', label: 'persönlich' },
  {
    value: 'e-mail',
    label: 'E-Mail',
    description: 'Die Nachricht bleibt im Postfach, hier steht der Vermerk.',
  },
] as const;
const codings = [
  { value: 'unknown', label: 'unbekannt' },
  { value: 'no-indication', label: 'kein Hinweis' },
  { value: 'possible', label: 'möglich' },
  { value: 'present', label: 'vorhanden' },
] as const;
const people = ['Anna Lindner', 'Bernd Kofler', 'Carla Nowak', 'Dilek Aydın', 'Emil Sørensen'].map(
  (label) => ({
    value: label,
    label,
  }),
);
const behaviours = warningBehaviours.map((value) => ({ value, label: value }));

/** Everything that takes input. */
export function FieldGallery() {
  return (
    <main>
      <Page>
        <PageHeader title="Eingabe" note="Alle Felder, gültig und mit Fehlern" />
        <Columns layout="even">
          <ReportForm />
          <Stack>
            <Choices />
            <Passphrase />
          </Stack>
        </Columns>
      </Page>
    </main>
  );
}

function ReportForm() {
  const [channel, setChannel] = useState<(typeof channels)[number]['value']>('phone');
  const [at, setAt] = useState<string | null>('2026-11-18T20:40:00.000Z');
  const [what, setWhat] = useState('Soll nach Dienstzeiten der Leitung gefragt haben.');
  const [seen, setSeen] = useState<readonly WarningBehaviour[]>(['fixation', 'leakage']);
  return (
    <Card title="Meldung aufnehmen">
      <Form
        onSubmit={() => {}}
        aria-label="Meldung aufnehmen"
        errors={{ who: 'Bitte nennen Sie, um wen es geht.' }}
      >
        <FormRow>
          <Select label="Weg" options={channels} value={channel} onChange={setChannel} />
          <DateTimeField label="Eingegangen" value={at} onChange={setAt} withNow />
        </FormRow>
        <TextField label="Um wen geht es?" name="who" isRequired />
        <TextArea
          label="Was wurde beobachtet?"
          value={what}
          onChange={setWhat}
          isRequired
          help="In den Worten der meldenden Person, möglichst wörtlich."
        />
        <TagPicker
          label="Warnverhalten"
          help="Was die Schilderung nahelegt; es ist keine Bewertung."
          options={behaviours}
          value={seen}
          onChange={setSeen}
        />
        <FormSection title="Meldende Person" help="Nur was für Rückfragen nötig ist.">
          <FormRow>
            <TextField label="Name" isOptional placeholder="Vor- und Nachname" />
            <TextField label="Erreichbar unter" isOptional type="tel" />
          </FormRow>
        </FormSection>
        <FormActions>
          <Button tone="primary" type="submit">
            Meldung speichern
          </Button>
          <Button>Abbrechen</Button>
        </FormActions>
      </Form>
    </Card>
  );
}

function Choices() {
  const [coding, setCoding] = useState<(typeof codings)[number]['value'] | null>('possible');
  const [lead, setLead] = useState<string | null>('Carla Nowak');
  const [due, setDue] = useState<string | null>('2026-11-30');
  const [outcome, setOutcome] = useState<'open' | 'refer'>('open');
  const [team, setTeam] = useState<readonly string[]>(['Anna Lindner']);
  const [isEmergency, setEmergency] = useState(true);
  const [isHeld, setHeld] = useState(true);
  return (
    <Card title="Auswahl">
      <Stack>
        <SegmentedControl aria-label="Kodierung" options={codings} value={coding} onChange={setCoding} />
        <SegmentedControl
          aria-label="Kodierung mit Ziffern"
          options={codings}
          value={coding}
          onChange={setCoding}
          showDigits
        />
        <SegmentedControl
          aria-label="Kodierung, gesperrt"
          options={codings}
          value={coding}
          onChange={setCoding}
          isDisabled
        />
        <FormRow>
          <ComboBox label="Fallleitung" options={people} value={lead} onChange={setLead} />
          <DateField label="Fällig" value={due} onChange={setDue} />
        </FormRow>
        <RadioGroup
          label="Ersteinschätzung"
          options={[
            {
              value: 'open',
              label: 'Fall eröffnen',
              description: 'Sie werden Fallleitung und stellen das Team zusammen.',
            },
            { value: 'refer', label: 'Abgeben', description: 'An eine andere Stelle, mit Grund.' },
          ]}
          value={outcome}
          onChange={setOutcome}
        />
        <CheckboxGroup label="Team" options={people.slice(0, 3)} value={team} onChange={setTeam} />
        <Checkbox isSelected={isEmergency} onChange={setEmergency} help="Die Meldung steht dann ganz oben.">
          Notfall
        </Checkbox>
        <Switch isSelected={isHeld} onChange={setHeld} help="Nichts wird gesendet oder geholt.">
          Offline arbeiten
        </Switch>
        <TextField label="Nicht änderbar" value="2026-0147" isReadOnly />
        <TextField label="Gesperrt" value="–" isDisabled />
      </Stack>
    </Card>
  );
}

function Passphrase() {
  const [text, setText] = useState('acht blaue Papierkraniche');
  return (
    <Card title="Entsperren">
      <PassphraseField
        label="Passphrase"
        value={text}
        onChange={setText}
        error="Die Passphrase stimmt nicht. Verbleibende Versuche: 8."
      />
    </Card>
  );
}
