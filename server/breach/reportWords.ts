/** The words of a breach report; it goes to people who may know nothing of the product. */
import type { Compartment, Section } from '../../shared/domain/sections.ts';
import type { LeasePurpose } from '../../shared/sync/leases.ts';
import type { Opening } from '../leases/openings.ts';

export type ReportLanguage = 'de' | 'en';

export interface ReportWords {
  readonly title: string;
  readonly organisation: string;
  readonly device: string;
  readonly person: string;
  readonly made: string;
  readonly enrolled: string;
  readonly revoked: string;
  readonly lastContact: string;
  readonly opensUntil: string;
  readonly never: string;
  readonly noLimit: string;
  readonly wipe: string;
  readonly notOrdered: string;
  readonly ordered: (at: string) => string;
  readonly heard: (at: string) => string;
  readonly notHeard: string;
  readonly acknowledged: (at: string, cases: number | null) => string;
  readonly lost: (count: number) => string;
  readonly told: (at: string) => string;
  readonly outstanding: string;
  readonly held: (cases: number) => string;
  readonly removed: (cases: number) => string;
  readonly none: string;
  readonly entries: (held: number, of: number | null) => string;
  readonly given: (from: string, to: string) => string;
  readonly written: (count: number) => string;
  readonly role: (role: string) => string;
  readonly opened: (opening: Opening) => string;
  readonly heldUntil: (at: string) => string;
  readonly takenAway: (at: string, isRemoved: boolean) => string;
  readonly destroyed: string;
  readonly checkedOut: (purpose: LeasePurpose, from: string, to: string) => string;
  readonly ended: (at: string, because: string) => string;
  readonly file: (part: string, mib: string, at: string) => string;
  readonly notes: string;
}

const purposesDe: Readonly<Record<LeasePurpose, string>> = {
  interview: 'Gespräch vor Ort',
  conference: 'Fallkonferenz',
  authority: 'Termin bei Behörde oder Gericht',
  travel: 'Dienstreise',
  'on-call': 'Rufbereitschaft',
  other: 'anderer Zweck',
};

const purposesEn: Readonly<Record<LeasePurpose, string>> = {
  interview: 'interview on site',
  conference: 'case conference',
  authority: 'appointment with an authority or a court',
  travel: 'business trip',
  'on-call': 'on call',
  other: 'another purpose',
};

const sectionsDe: Readonly<Record<Section, string>> = {
  report: 'Meldung',
  persons: 'Personen',
  observations: 'Beobachtungen',
  assessments: 'Einschätzungen',
  measures: 'Maßnahmen',
  evidence: 'Anhänge',
  notes: 'Notizen',
};

const sectionsEn: Readonly<Record<Section, string>> = {
  report: 'report',
  persons: 'persons',
  observations: 'observations',
  assessments: 'assessments',
  measures: 'measures',
  evidence: 'evidence',
  notes: 'notes',
};

const sealedDe: Readonly<Record<Compartment, string>> = {
  'reporter-identity': 'wer gemeldet hat',
  medical: 'Medizinisches',
};

const sealedEn: Readonly<Record<Compartment, string>> = {
  'reporter-identity': 'who reported',
  medical: 'medical',
};

const endedDe: Readonly<Record<string, string>> = {
  returned: 'zurückgegeben',
  over: 'Zeit abgelaufen',
  access: 'Zugriff entzogen',
};

const endedEn: Readonly<Record<string, string>> = {
  returned: 'given back',
  over: 'its time was over',
  access: 'access was taken away',
};

const de: ReportWords = {
  title: 'BERICHT ÜBER EIN VERLORENES GERÄT',
  organisation: 'Organisation:',
  device: 'Gerät:',
  person: 'Person:',
  made: 'Stand:',
  enrolled: 'Eingerichtet:',
  revoked: 'Entzogen:',
  lastContact: 'Letzter Kontakt:',
  opensUntil: 'Öffnet ohne Dienst bis:',
  never: 'nie',
  noLimit: 'ohne Ende',
  wipe: 'LÖSCHAUFTRAG',
  notOrdered: 'Keiner. Das Gerät wurde nicht entzogen.',
  ordered: (at) => `Erteilt ${at}.`,
  heard: (at) => `Dem Gerät gesagt ${at}.`,
  notHeard: 'Das Gerät war seither nicht da und weiß nichts davon.',
  acknowledged: (at, cases) =>
    `Bestätigt ${at}, vom Gerät unterschrieben: Schlüssel vernichtet${cases === null ? '' : `, ${cases} Fälle waren darauf`}.`,
  lost: (count) =>
    `Mit ihm verloren: ${count} Änderungen, die weder gesendet noch versiegelt abgegeben waren.`,
  told: (at) =>
    `Gelöscht ${at} nach der Uhr des Geräts; gesagt bei der Neueinrichtung desselben Geräts, ohne Unterschrift des alten Schlüssels.`,
  outstanding: 'OFFEN: Es gibt keine Bestätigung, dass gelöscht wurde.',
  held: (cases) => `AUF DEM GERÄT: ${cases} FÄLLE`,
  removed: (cases) => `VOM GERÄT ENTFERNT: ${cases} FÄLLE`,
  none: 'Keine.',
  entries: (held, of) => `Einträge 1 bis ${held}${of === null ? '' : ` von ${of}`}`,
  given: (from, to) => `zuerst ${from}, zuletzt ${to}`,
  written: (count) => `${count} davon auf dem Gerät geschrieben`,
  role: (role) => `Rolle im Team: ${role}`,
  opened: ({ sections, compartments }) => {
    const some = sections?.map((one) => sectionsDe[one]).join(', ') ?? 'der ganze Fall';
    const sealed = compartments.map((one) => sealedDe[one]).join(', ');
    return `gegeben: ${some || 'nur der Rahmen'}; Versiegeltes: ${sealed || 'nichts'}`;
  },
  heldUntil: (at) => `auf dem Gerät lesbar bis spätestens ${at}`,
  takenAway: (at, isRemoved) =>
    isRemoved
      ? `Zugriff entzogen ${at}; das Gerät hat es gehört und den Fall entfernt`
      : `Zugriff entzogen ${at}; das Gerät hat davon noch nicht gehört`,
  destroyed: 'Inhalt auf dem Dienst inzwischen vernichtet',
  checkedOut: (purpose, from, to) => `Mitgenommen ${from} bis ${to}: ${purposesDe[purpose]}`,
  ended: (at, because) => `beendet ${at} (${endedDe[because] ?? because})`,
  file: (part, mib, at) => `Anhang ${mib} MiB, ${part} Teile auf dem Gerät, seit ${at}`,
  notes: `Der Bericht nennt alles, was der Dienst diesem Gerät je gegeben hat, aufgeschrieben vor der Herausgabe; gelesen
haben muss es niemand. Der Speicher des Geräts ist verschlüsselt und öffnet nur mit Passphrase und Schlüsselspeicher des
Betriebssystems. Was auf dem Gerät geschrieben und nicht gesendet wurde, kennt der Dienst nicht. Die Frist gilt für das
unveränderte Programm; gegen eine Kopie der Platte, die mit Passphrase und Schlüsselspeicher geöffnet wird, schützt sie nicht.
Inhalte von Fällen stehen nicht darin. Das Lesen dieses Berichts steht im Prüfprotokoll.`,
};

const en: ReportWords = {
  title: 'REPORT ON A LOST LAPTOP',
  organisation: 'Organisation:',
  device: 'Laptop:',
  person: 'Person:',
  made: 'As of:',
  enrolled: 'Enrolled:',
  revoked: 'Revoked:',
  lastContact: 'Last contact:',
  opensUntil: 'Opens without the service until:',
  never: 'never',
  noLimit: 'no limit',
  wipe: 'ORDER TO WIPE',
  notOrdered: 'None. The laptop was not revoked.',
  ordered: (at) => `Given ${at}.`,
  heard: (at) => `The laptop was told ${at}.`,
  notHeard: 'The laptop has not been here since and knows nothing of it.',
  acknowledged: (at, cases) =>
    `Acknowledged ${at}, signed by the laptop: keys destroyed${cases === null ? '' : `, ${cases} cases were on it`}.`,
  lost: (count) => `Lost with it: ${count} edits that were neither sent nor handed in under seal.`,
  told: (at) =>
    `Wiped ${at} by the laptop’s clock; told when the same laptop was enrolled anew, without a signature of the old key.`,
  outstanding: 'OUTSTANDING: there is no acknowledgement that it was wiped.',
  held: (cases) => `ON THE LAPTOP: ${cases} CASES`,
  removed: (cases) => `REMOVED FROM THE LAPTOP: ${cases} CASES`,
  none: 'None.',
  entries: (held, of) => `entries 1 to ${held}${of === null ? '' : ` of ${of}`}`,
  given: (from, to) => `first ${from}, last ${to}`,
  written: (count) => `${count} of them written on it`,
  role: (role) => `role in the team: ${role}`,
  opened: ({ sections, compartments }) => {
    const some = sections?.map((one) => sectionsEn[one]).join(', ') ?? 'the whole case';
    const sealed = compartments.map((one) => sealedEn[one]).join(', ');
    return `given: ${some || 'the frame only'}; of what is sealed: ${sealed || 'nothing'}`;
  },
  heldUntil: (at) => `can be read on the laptop until ${at} at the latest`,
  takenAway: (at, isRemoved) =>
    isRemoved
      ? `access was taken away ${at}; the laptop has heard of it and removed the case`
      : `access was taken away ${at}; the laptop has not heard of it yet`,
  destroyed: 'content destroyed on the service since',
  checkedOut: (purpose, from, to) => `checked out ${from} to ${to}: ${purposesEn[purpose]}`,
  ended: (at, because) => `ended ${at} (${endedEn[because] ?? because})`,
  file: (part, mib, at) => `attachment of ${mib} MiB, ${part} parts on the laptop, since ${at}`,
  notes: `The report names everything that the service ever gave to this laptop, written down before it went out; nobody need
have read it. The laptop's storage is encrypted and opens only with the passphrase and the keystore of the operating system.
What was written on the laptop and not sent the service does not know. The time holds for the program as it is; it does not
protect against a copy of the disk that is opened with passphrase and keystore. No content of a case is in it. That this
report was read stands in the audit log.`,
};

export const reportWords: Readonly<Record<ReportLanguage, ReportWords>> = { de, en };
