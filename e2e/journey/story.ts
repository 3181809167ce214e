/** What happens in the journeys: people who do not exist, at a company that does not exist, in both languages. */
import type { SpokenLanguage } from '../support/words.ts';

export interface Story {
  readonly lead: string;
  readonly second: string;
  readonly intake: string;
  readonly report: {
    readonly who: string;
    readonly atRisk: string;
    readonly what: string;
    readonly where: string;
    readonly when: string;
    readonly reporter: string;
    readonly contact: string;
  };
  readonly triage: { readonly title: string; readonly reason: string };
  readonly people: {
    readonly ofConcern: { readonly name: string; readonly position: string };
    readonly target: { readonly name: string; readonly position: string };
  };
  readonly observations: readonly {
    readonly text: string;
    readonly source: string;
    readonly note?: string;
  }[];
  readonly assessment: { readonly note: string; readonly rationale: string };
  readonly measure: { readonly note: string };
  readonly offline: { readonly held: string; readonly unplugged: string };
  readonly conflict: { readonly mine: string; readonly theirs: string; readonly result: string };
  /** A word of the story as somebody types it who is in a hurry, and where it stands. */
  readonly search: { readonly typed: string; readonly found: string };
}

export const stories: Readonly<Record<SpokenLanguage, Story>> = {
  de: {
    lead: 'Anna Berger',
    second: 'Jonas Weiß',
    intake: 'Carla Hoffmann',
    report: {
      who: 'Mitarbeiter der Spätschicht, Halle 3',
      atRisk: 'Schichtleiterin Frau Özdemir',
      what: 'Er sagte laut: „Die wird schon sehen, was sie davon hat.“ Danach zeigte er ein Bild vom Parkhaus.',
      where: 'Werk 3',
      when: 'gestern nach der Schicht',
      reporter: 'Ein Kollege aus Halle 3',
      contact: '0221 4710 200',
    },
    triage: {
      title: 'Drohungen nach Versetzung, Werk 3',
      reason: 'Konkrete Person genannt, Bild vom Parkhaus: Klärung noch heute.',
    },
    people: {
      ofConcern: { name: 'Markus Thiele', position: 'Staplerfahrer' },
      target: { name: 'Aylin Özdemir', position: 'Schichtleiterin' },
    },
    observations: [
      {
        text: 'Schickte einer Kollegin ein Bild des Parkhauses mit dem Satz „bald“.',
        source: 'Bildschirmfoto',
      },
      {
        text: 'Soll nach den Dienstzeiten der Leitung gefragt haben.',
        source: 'Kollege',
        note: 'um den 15. November',
      },
    ],
    assessment: {
      note: 'Bild des Parkhauses passt zum Arbeitsweg der Leitung.',
      rationale:
        'Vorbereitung möglich und Äußerungen gegenüber Dritten; Schutz der Leitung ist noch nicht geklärt.',
    },
    measure: { note: 'Mit dem Werkschutz abgestimmt.' },
    offline: {
      held: 'Im Zug notiert: Freistellung ist ausgesprochen.',
      unplugged: 'Im Keller notiert: Gespräch mit dem Betriebsarzt vereinbart.',
    },
    conflict: {
      mine: 'Schickte zwei Kolleginnen ein Bild des Parkhauses mit dem Satz „bald“.',
      theirs: 'Schickte einer Kollegin ein Bild des Parkhauses mit dem Satz „bald ist es so weit“.',
      result: 'Schickte zwei Kolleginnen ein Bild des Parkhauses mit dem Satz „bald ist es so weit“.',
    },
    search: { typed: 'ozdemir', found: 'Özdemir' },
  },
  en: {
    lead: 'Hannah Reid',
    second: 'Samuel Osei',
    intake: 'Ruth Palmer',
    report: {
      who: 'A night shift employee, hall 3',
      atRisk: 'The shift supervisor, Ms Doyle',
      what: 'He said aloud: “She will see what she gets.” Then he showed a picture of the car park.',
      where: 'Plant 3',
      when: 'yesterday after the shift',
      reporter: 'A colleague from hall 3',
      contact: '0161 496 0200',
    },
    triage: {
      title: 'Threats after a transfer, plant 3',
      reason: 'A person is named and a place is shown: to be looked into today.',
    },
    people: {
      ofConcern: { name: 'Martin Keane', position: 'Forklift driver' },
      target: { name: 'Siobhán Doyle', position: 'Shift supervisor' },
    },
    observations: [
      { text: 'Sent a colleague a picture of the car park with the word “soon”.', source: 'Screenshot' },
      {
        text: 'Is said to have asked for the working hours of the supervisor.',
        source: 'Colleague',
        note: 'around 15 November',
      },
    ],
    assessment: {
      note: 'The car park is on the way of the supervisor to work.',
      rationale: 'Preparation is possible and was hinted at to others; protection is not settled yet.',
    },
    measure: { note: 'Agreed with site security.' },
    offline: {
      held: 'Noted on the train: the suspension was announced.',
      unplugged: 'Noted in the basement: a talk with occupational health is arranged.',
    },
    conflict: {
      mine: 'Sent two colleagues a picture of the car park with the word “soon”.',
      theirs: 'Sent a colleague a picture of the car park with the words “very soon now”.',
      result: 'Sent two colleagues a picture of the car park with the words “very soon now”.',
    },
    search: { typed: 'siobhan', found: 'Siobhán' },
  },
};

export const passphrases: Readonly<Record<SpokenLanguage, string>> = {
  de: 'blauer Fahrradhelm am Nordufer',
  en: 'seven quiet lanterns by the canal',
};
