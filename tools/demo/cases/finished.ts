import type { DemoCase } from '../script.ts';

/** Cases that are being closed or are closed. */
export const finishedCases: readonly DemoCase[] = [
  {
    language: 'de',
    site: 'Leipzig',
    status: 'closing',
    title: 'Eskalierter Nachbarschaftsstreit zweier Kollegen',
    lead: 'kessler',
    report: {
      ago: 95,
      channel: 'in-person',
      reporter: 'Meister Werkzeugbau',
      who: 'Bernd Kaiser und Olaf Stumm, Werkzeugbau',
      atRisk: 'wechselseitig',
      what: 'Die beiden sind Nachbarn und streiten um eine Garage. Nun brachte einer den Streit in den Betrieb: „Hier gibt es keine Kameras.“',
      where: 'Werkzeugbau',
      when: 'vergangene Woche',
      behaviours: 'direct-threat',
    },
    triage: 'Verhüllte Drohung im Betrieb. Fall eröffnet.',
    people: `
      p | of-concern | Bernd Kaiser | Werkzeugmacher | Werkzeugbau | andere Schicht |
      t | target | Olaf Stumm | Werkzeugmacher | Werkzeugbau | |
    `,
    observations: `
      fact | 97 | high | direct-threat | p,t | Meister, selbst gehört | „Hier gibt es keine Kameras.“
      fact | 80 | high | | p,t | Schiedsamt | Einigung über die Garage.
      fact | 30 | high | | p,t | Meister | Acht Wochen ohne Vorfall, arbeiten wieder an einer Maschine.
    `,
    assessments: [
      {
        ago: 90,
        level: 'moderate',
        rationale: 'Verhüllte Drohung, Streit mit privatem Hintergrund, Begegnung täglich.',
        items: `
        direct-threat | present | new | 1 |
        fixation | unknown | | |
      `,
      },
      {
        ago: 28,
        level: 'low',
        rationale:
          'Anlass erledigt, Einigung hält. Die Drohung liegt drei Monate zurück. Abschluss vorgeschlagen.',
        items: `
        direct-threat | present | falling | 1,2 |
      `,
      },
    ],
    measures: `
      separate-parties | direct-threat | hr | -88 | done | 89 | strong |
      boundary-talk | direct-threat | kessler | -86 | done | 87 | strong |
    `,
  },
  {
    language: 'en',
    site: 'Manchester',
    status: 'closing',
    title: 'Threatening voicemail to payroll',
    lead: 'okafor',
    report: {
      ago: 70,
      channel: 'phone',
      reporter: 'Payroll',
      contact: '0161 496 0288',
      who: 'An agency worker, known by name',
      atRisk: 'payroll team',
      what: 'Voicemail at night: if the money is not there tomorrow, he will come and collect it, “and not only the money”. His wages were indeed eleven days late.',
      where: 'Payroll telephone',
      when: 'last night',
      behaviours: 'direct-threat',
    },
    triage: 'Threat with a justified grievance. Opened, wages checked at once.',
    people: `
      p | of-concern | Agency worker, name known | Packer | Agency | badge ended |
      t | target | Payroll team | | Finance | |
    `,
    observations: `
      fact | 71 | high | direct-threat | p,t | Voicemail, preserved | “I come and collect, and not only the money.”
      fact | 69 | high | | p | Payroll | Wages paid by express transfer, apology by the head of payroll.
      fact | 60 | high | | p | Agency | Called to say thank you and sorry.
    `,
    assessments: [
      {
        ago: 68,
        level: 'low',
        rationale:
          'A threat in distress with a justified cause that has been removed. Apology received. Below moderate because cause and tone have both gone.',
        items: `
        direct-threat | present | new | 1,2 |
        last-resort | unknown | | |
      `,
      },
    ],
    measures: `
      preserve-evidence | direct-threat | hr | -69 | done | 70 | |
      panic-alarm | direct-threat | okafor | -60 | done | 62 | some |
    `,
  },
  {
    language: 'de',
    site: 'Bonn',
    status: 'closed',
    title: 'Drohbrief an die Personalabteilung',
    lead: 'kessler',
    report: {
      ago: 160,
      channel: 'e-mail',
      reporter: 'Poststelle Bonn',
      who: 'unbekannt',
      atRisk: 'Personalabteilung',
      what: 'Brief aus ausgeschnittenen Buchstaben: „Das Maß ist voll.“ Kein Absender, keine Forderung.',
      where: 'Poststelle',
      when: 'mit der Morgenpost',
      behaviours: 'direct-threat',
    },
    triage: 'Anonyme Drohung. Fall eröffnet, Brief gesichert.',
    people: `
      t | target | Personalabteilung Bonn | | Personal | |
      p | of-concern | unbekannt | | | |
    `,
    observations: `
      fact | 160 | high | direct-threat | t | Brief, gesichert | „Das Maß ist voll.“
      missing | 150 | unknown | | p | Fallführung | Urheberschaft ungeklärt, keine weiteren Schreiben.
    `,
    assessments: [
      {
        ago: 155,
        level: 'low',
        rationale:
          'Unbestimmt, ohne Ziel, ohne Folgen. Beobachten. Unter „mittel“, weil weder Person noch Handlung benannt sind.',
        items: `
        direct-threat | possible | new | 1 |
        fixation | unknown | | |
        pathway | unknown | | |
        identification | unknown | | |
        leakage | unknown | | |
        last-resort | unknown | | |
      `,
      },
    ],
    measures: `
      preserve-evidence | direct-threat | hr | -158 | done | 159 | |
    `,
    notes: `
      100 | Acht Wochen ohne weiteres Schreiben. Abschluss vorgeschlagen und bestätigt.
    `,
  },
  {
    language: 'en',
    site: 'Köln',
    status: 'closed',
    title: 'Angry customer at the spare-parts counter',
    lead: 'okafor',
    report: {
      ago: 120,
      channel: 'in-person',
      reporter: 'Spare-parts counter',
      who: 'A walk-in customer',
      atRisk: 'counter staff',
      what: 'He swept a display off the counter and said they would be sorry. He came back the next day with a cake.',
      where: 'Spare-parts counter',
      when: 'Friday afternoon',
      behaviours: 'direct-threat',
    },
    triage: 'Threat and damage. Opened for a short look.',
    people: `
      p | of-concern | Walk-in customer | extern | | |
      t | target | Counter staff | | Spare parts | |
    `,
    observations: `
      fact | 121 | high | direct-threat | p,t | Counter staff | “You will be sorry.” Display damaged.
      fact | 119 | high | | p | Counter staff | Apologised, paid for the display.
    `,
    assessments: [
      {
        ago: 117,
        level: 'low',
        rationale: 'A single outburst, made good by himself. Below moderate for that reason.',
        items: `
        direct-threat | possible | new | 1 |
      `,
      },
    ],
    measures: `
      team-debrief | direct-threat | hr | -115 | done | 116 | some |
    `,
  },
  {
    language: 'de',
    site: 'Köln',
    status: 'closed',
    title: 'Äußerungen nach Streit um die Urlaubsplanung',
    lead: 'kessler',
    report: {
      ago: 105,
      channel: 'portal',
      reporter: null,
      who: 'Eine Kollegin aus der Auftragsabwicklung',
      atRisk: 'Teamleitung',
      what: 'Sie sagte, sie könne für nichts garantieren, wenn die Liste so bleibe. Ich kenne sie als ruhigen Menschen und war erschrocken.',
      where: 'Auftragsabwicklung',
      when: 'am Montag',
      behaviours: 'leakage',
    },
    triage: 'Äußerung gegenüber Dritten. Fall eröffnet, Gespräch zeitnah.',
    people: `
      p | of-concern | Kollegin aus der Auftragsabwicklung | Sachbearbeiterin | Auftragsabwicklung | |
      t | target | Teamleitung | | Auftragsabwicklung | |
    `,
    observations: `
      hearsay | 105 | medium | leakage | p,t | anonyme Meldung | „Ich kann für nichts garantieren, wenn das so bleibt.“
      fact | 101 | high | | p | Gespräch, zwei Anwesende | Gemeint war, dass sie ihre Aufgaben nicht schafft. Sehr betroffen über die Wirkung.
    `,
    assessments: [
      {
        ago: 99,
        level: 'low',
        rationale: 'Im Gespräch geklärt: Überlastung, keine Drohung. Entlastung vereinbart.',
        items: '',
      },
    ],
    measures: `
      manager-coaching | workplace-judgement/grievance | hr | -97 | done | 98 | strong |
    `,
  },
  {
    language: 'en',
    site: 'Manchester',
    status: 'closed',
    title: 'Fixation on the host of the company podcast',
    lead: 'okafor',
    report: {
      ago: 210,
      channel: 'e-mail',
      reporter: 'Corporate communications',
      who: 'A listener from outside the company',
      atRisk: 'Ella Whitcombe, communications',
      what: 'He believes that she speaks to him in the podcast. He has written daily for a month, kindly at first, then demanding an answer.',
      where: 'E-mail, comments',
      when: 'for four weeks',
      behaviours: 'fixation',
    },
    triage: 'Growing preoccupation with an employee. Opened.',
    people: `
      p | of-concern | Listener, name known | extern | | lives abroad |
      t | target | Ella Whitcombe | Podcast host | Communications | |
    `,
    observations: `
      fact | 211 | high | fixation | p,t | Mailbox | 41 messages in four weeks.
      fact | 190 | high | | p | His sister, by telephone | She had noticed, he is in treatment again.
      fact | 130 | high | | p | Mailbox | No message for eight weeks.
    `,
    assessments: [
      {
        ago: 205,
        level: 'moderate',
        rationale: 'Fixation without threat or approach; distance protects.',
        items: `
        fixation | present | rising | 1 |
        last-resort | unknown | | |
      `,
      },
      {
        ago: 128,
        level: 'low',
        rationale: 'In treatment, family involved, eight weeks of silence.',
        items: `
        fixation | possible | falling | 1,2 |
      `,
      },
    ],
    measures: `
      no-contact-advice | fixation | okafor | -200 | done | 203 | strong |
      relocate-workplace | fixation | hr | -198 | cancelled | | | Not needed.
    `,
  },
  {
    language: 'de',
    site: 'Leipzig',
    status: 'closed',
    title: 'Bedrohung bei einem Schichttausch',
    lead: 'kessler',
    report: {
      ago: 140,
      channel: 'phone',
      reporter: 'Schichtleitung Presswerk',
      who: 'Zwei Mitarbeiter im Presswerk',
      atRisk: 'einer der beiden',
      what: 'Einer hielt dem anderen einen Schraubenzieher vor und sagte: „Versuch es nur.“ Kollegen gingen dazwischen.',
      where: 'Presswerk',
      when: 'Nachtschicht',
      behaviours: 'direct-threat, novel-aggression',
    },
    triage: 'Bedrohung mit Gegenstand. Fall eröffnet.',
    people: `
      p | of-concern | Mitarbeiter im Presswerk | Einrichter | Presswerk | inzwischen ausgeschieden |
      t | target | Kollege der Nachtschicht | Einrichter | Presswerk | |
    `,
    observations: `
      fact | 140 | high | direct-threat,novel-aggression | p,t | Zwei Zeugen | „Versuch es nur“, mit einem Schraubenzieher in der Hand.
      fact | 120 | high | | p | Personalabteilung | Einvernehmlicher Ausstieg mit Zeugnis und Übergangsgeld.
      fact | 75 | high | | p,t | Führungskraft | Kein Kontakt seit dem Ausstieg.
    `,
    assessments: [
      {
        ago: 137,
        level: 'elevated',
        rationale: 'Drohung mit Gegenstand, erstmalig. Beide in einer Schicht.',
        items: `
        direct-threat | present | new | 1 |
        novel-aggression | present | new | 1 |
        last-resort | unknown | | |
      `,
      },
      {
        ago: 74,
        level: 'low',
        rationale:
          'Zehn Wochen nach einem würdigen Ausstieg ohne Kontakt. Die Tat bleibt belegt und liegt mehr als zwei Monate zurück; deshalb unter „mittel“.',
        items: `
        direct-threat | present | falling | 1,3 |
        novel-aggression | present | falling | 1,3 |
      `,
      },
    ],
    measures: `
      separate-parties | direct-threat | hr | -136 | done | 138 | strong |
      dignified-exit | workplace-judgement/employment-action | hr | -118 | done | 120 | strong |
    `,
  },
];
