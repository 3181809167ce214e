import type { DemoCase } from '../script.ts';

/** Cases in which information is being gathered before the first conference. */
export const gatheringCases: readonly DemoCase[] = [
  {
    language: 'de',
    site: 'Köln',
    status: 'gathering',
    title: 'Anrufe eines früheren Lebenspartners am Empfang',
    lead: 'kessler',
    report: {
      ago: 6,
      channel: 'phone',
      reporter: 'Empfang Köln',
      contact: '0221 4710 300',
      who: 'Der frühere Lebenspartner einer Mitarbeiterin',
      atRisk: 'Aylin Sommer, Buchhaltung',
      what: 'Er ruft mehrmals am Tag an, gibt sich als Kunde aus und fragt, wann Frau Sommer Feierabend hat. Gestern stand er vor der Drehtür und ging, als der Werkschutz kam.',
      where: 'Empfang Köln',
      when: 'seit zwei Wochen, gestern persönlich',
      behaviours: 'fixation, pathway',
    },
    triage:
      'Nachstellen mit persönlicher Annäherung am Arbeitsplatz. Fall eröffnet, Schutz vorab eingeleitet.',
    people: `
      t | target | Aylin Sommer | Buchhalterin | Buchhaltung | Arbeitsplatz im Erdgeschoss | wünscht Anrufe nur auf das private Telefon
      p | of-concern | Jens Kollwitz | extern | | kennt Eingang und Dienstzeiten | früherer Lebenspartner, Trennung im August
      w | witness | Beate Mohr | Empfang | Zentrale Dienste | | hat die Anrufe notiert
    `,
    observations: `
      fact | 13 | high | fixation | p,t | Anrufliste Empfang | Elf Anrufe an fünf Tagen, jedes Mal mit anderem angeblichem Anliegen. Gefragt wurde nach Dienstschluss und Parkplatz.
      fact | 7 | high | pathway | p | Beate Mohr, selbst gesehen | Stand nach Dienstschluss vor der Drehtür und beobachtete den Ausgang. Entfernte sich, als der Werkschutz dazukam.
      hearsay | 9 | medium | | p | Frau Sommer, von ihrer Schwester | Soll gesagt haben, er lasse sich nicht einfach abhängen.
      inference | 5 | medium | energy-burst | p | Fallführung | Vom Anruf zum Erscheinen innerhalb einer Woche: das Tempo nimmt vermutlich zu.
      missing | 4 | unknown | | p | Fallführung | Nicht bekannt, ob er ein Fahrzeug hat und wo er zurzeit wohnt.
    `,
    measures: `
      reception-alert | pathway | okafor | -3 | done | 4 | some | Bild liegt am Empfang, Enddatum in vier Wochen.
      target-contact | fixation | kessler | 0 | in-progress | | |
      no-contact-advice | fixation | kessler | 1 | planned | | |
    `,
    notes: `
      5 | Erstgespräch mit Frau Sommer, anwesend: Personalabteilung auf ihren Wunsch. Sie möchte keine Anzeige, bevor die Wohnung gesichert ist.
    `,
  },
  {
    language: 'en',
    site: 'Manchester',
    status: 'gathering',
    title: 'Warehouse operative talks about “a list”',
    lead: 'okafor',
    report: {
      ago: 4,
      channel: 'in-person',
      reporter: 'Grace Obi, warehouse',
      contact: '0161 496 0351',
      who: 'Connor Blake, warehouse operative',
      atRisk: 'people on “the list”, among them the shift manager',
      what: 'In the break he said he keeps a list of those who had it coming and that the shift manager had moved to the top. When I asked what the list was for he said “you will read about it”.',
      where: 'Warehouse break room',
      when: 'Thursday night shift',
      behaviours: 'leakage, fixation',
    },
    triage:
      'Statement of intent to a third party with a named person. Opened; lead to speak to the witness today.',
    people: `
      p | of-concern | Connor Blake | Warehouse operative | Night shift | badge valid for all halls | employed since 2019
      t | target | Neil Ashworth | Shift manager | Warehouse | | informed, asked not to change his shift yet
      w | witness | Grace Obi | Warehouse operative | Night shift | | heard the statement herself
    `,
    observations: `
      fact | 5 | high | leakage | p,t | Grace Obi, heard herself | Said he keeps a list of those who had it coming, that the shift manager is at the top and that “you will read about it”.
      hearsay | 4 | low | leakage | p | Colleague, from a third person | Is said to have told someone not to come in on the last Friday of the month.
      fact | 3 | high | | p | Roster system | Two weeks before the statement his request for day shift was refused for the third time.
      missing | 3 | unknown | | p | Case lead | Nobody has seen the list. It is open whether it exists.
      inference | 2 | medium | last-resort | p | Case lead | The refused request may be the loss behind the statement; he cares for his mother in the daytime.
    `,
    measures: `
      preserve-evidence | leakage | okafor | 0 | in-progress | | | Written statement of the witness, signed.
      manager-coaching | workplace-judgement/grievance | hr | 2 | planned | | |
    `,
  },
  {
    language: 'de',
    site: 'Leipzig',
    status: 'gathering',
    title: 'Abgelehnter Bewerber schreibt täglich',
    lead: 'kessler',
    report: {
      ago: 11,
      channel: 'e-mail',
      reporter: 'Lena Vogt, Personalgewinnung',
      contact: '0221 4710 452',
      who: 'Ein abgelehnter Bewerber, Konstantin Riedel',
      atRisk: 'Lena Vogt',
      what: 'Seit der Absage schreibt er jeden Tag, inzwischen an vierzehn Empfänger im Haus. Er nennt mich die Frau, die sein Leben angehalten hat. Er droht nicht, aber es wird mehr.',
      where: 'E-Mail',
      when: 'seit sechs Wochen',
      behaviours: 'fixation',
    },
    triage:
      'Deutliche Zunahme an Zahl und Empfängerkreis. Fall eröffnet, um den Verlauf geordnet zu sichern.',
    people: `
      p | of-concern | Konstantin Riedel | extern | | kein Zugang zum Gelände | Bewerbung als Konstrukteur abgelehnt
      t | target | Lena Vogt | Personalgewinnung | Personal | Name steht auf der Stellenseite |
    `,
    observations: `
      fact | 40 | high | | p,t | Bewerbungssystem | Absage mit Standardtext versandt.
      fact | 12 | high | fixation | p,t | Postfach Personalgewinnung | 58 Nachrichten in sechs Wochen, in der letzten Woche 21. Empfängerkreis von einer auf vierzehn Personen gewachsen.
      fact | 9 | high | fixation | p | Nachricht vom Montag | Schreibt, er habe seine Wohnung gekündigt und eine andere Stelle abgesagt, um sich der Klärung zu widmen.
      inference | 8 | medium | energy-burst | p | Fallführung | Die Zahl der Nachrichten verdoppelt sich etwa alle zehn Tage.
      missing | 8 | unknown | | p | Fallführung | Kein Gespräch mit ihm; nicht bekannt, ob ihn jemand begleitet.
    `,
    measures: `
      single-channel | fixation | kessler | -1 | in-progress | | | Antworten nur noch über eine Adresse.
      preserve-evidence | fixation | hr | -5 | done | 6 | |
    `,
    files: [
      {
        ago: 9,
        name: 'Nachricht vom Montag.eml',
        source: 'Postfach Personalgewinnung, Lena Vogt',
        description:
          'Eine von 58 Nachrichten; vollständig gesichert sind alle im Archiv der Personalabteilung.',
        lines: [
          'From: Konstantin Riedel <k.riedel@example.org>',
          'To: personalgewinnung@example.com',
          'Subject: Noch einmal zur Klärung',
          'Content-Type: text/plain; charset=utf-8',
          '',
          'Sehr geehrte Frau Vogt,',
          '',
          'ich habe meine Wohnung gekündigt und die andere Stelle abgesagt, damit ich mich ganz der Klärung widmen kann. Sie haben mein Leben angehalten, und nur Sie können es wieder in Gang setzen. Ich schreibe morgen wieder.',
          '',
          'Konstantin Riedel',
        ],
      },
    ],
    contested: 'observation',
  },
  {
    language: 'en',
    site: 'Bonn',
    status: 'gathering',
    title: 'Anonymous note on a manager’s windscreen',
    lead: 'okafor',
    report: {
      ago: 3,
      channel: 'phone',
      reporter: 'Femke de Vries, quality',
      contact: '0221 4710 261',
      who: 'unknown',
      atRisk: 'Femke de Vries',
      what: 'Under my wiper: “We know what you did in the audit. Enjoy the drive home.” Printed, no signature. My team knows that the audit ended in three warnings.',
      where: 'Car park B, Bonn',
      when: 'Tuesday between 8:00 and 17:30',
      behaviours: 'direct-threat',
    },
    triage: 'Veiled threat with knowledge from inside. Opened; the note is secured in an envelope.',
    people: `
      t | target | Femke de Vries | Head of quality | Quality | fixed parking space, now changed |
      p | of-concern | unknown author | | | probably inside the company | do not investigate colleagues on our own
    `,
    observations: `
      fact | 3 | high | direct-threat | t | Note, secured | Wording as reported. Laser print on paper used in all departments.
      fact | 2 | high | | | Access log, car park B | 212 people had access during the day. No narrowing possible without further grounds.
      inference | 2 | low | | p | Case lead | Knowledge of the audit suggests someone from the audited department; forty people fit.
      missing | 1 | unknown | | p | Case lead | Whether there were earlier notes that nobody kept.
    `,
    measures: `
      escort-parking | direct-threat | hr | 0 | in-progress | | |
      personal-safety-plan | direct-threat | okafor | 1 | planned | | |
    `,
    files: [
      {
        ago: 2,
        name: 'Note from the windscreen.pdf',
        source: 'Femke de Vries; the original is in a sealed envelope',
        description: 'Scan of the note as it was found, front only.',
        lines: ['We know what you did in the audit.', '', 'Enjoy the drive home.'],
      },
    ],
  },
  {
    language: 'de',
    site: 'Bonn',
    status: 'gathering',
    title: 'Drohende Sprachnachricht nach Ende der Leiharbeit',
    lead: 'kessler',
    report: {
      ago: 8,
      channel: 'phone',
      reporter: 'Disposition Bonn',
      contact: '0221 4710 222',
      who: 'Ein früherer Leihmitarbeiter, Tobias Engel',
      atRisk: 'Disponentin Sandra Wolff',
      what: 'Sprachnachricht von 47 Sekunden: Sie habe seine Familie auf dem Gewissen, er wisse, wo ihre Kinder zur Schule gehen. Danach Stille. Frau Wolff hat die Nachricht nicht gelöscht.',
      where: 'Diensttelefon',
      when: 'Freitagabend',
      behaviours: 'direct-threat, pathway',
    },
    triage: 'Verhüllte Drohung mit Wissen über die Familie. Fall eröffnet, Polizei ist informiert.',
    imminent: true,
    people: `
      p | of-concern | Tobias Engel | früher Leihmitarbeiter | Versand | Karte gesperrt am Tag der Meldung |
      t | target | Sandra Wolff | Disponentin | Versand | arbeitet zurzeit von zu Hause | Kinder in der Grundschule
      x | other | Grundschule der Kinder | | | | über die Polizei informiert
    `,
    observations: `
      fact | 9 | high | direct-threat | p,t | Sprachnachricht, gesichert | „Du hast meine Familie auf dem Gewissen. Ich weiß, wo deine Kinder zur Schule gehen.“
      hearsay | 7 | medium | last-resort | p | Früherer Kollege | Soll gesagt haben, er habe nichts mehr zu verlieren, seit die Wohnung weg ist.
      fact | 6 | high | pathway | p,t | Polizei, mündlich | Wurde am Vortag der Nachricht in der Straße der Schule kontrolliert. Gab an, sich verfahren zu haben.
      missing | 5 | unknown | | p | Fallführung | Zugang zu Waffen ist nicht bekannt; Anfrage über die Polizei läuft.
      inference | 4 | medium | energy-burst | p | Fallführung | Nachricht und Aufenthalt an der Schule binnen zwei Tagen deuten auf eine Zuspitzung.
    `,
    assessments: [
      {
        ago: 1,
        level: null,
        rationale: '',
        items: `
        pathway | possible | new | 3 | Aufenthalt an der Schule; Erklärung noch offen
        direct-threat | present | new | 1 | Wortlaut gesichert
        last-resort | possible | new | 2 | nur vom Hörensagen
        energy-burst | possible | new | 5 |
        novel-aggression | unknown | | | keine Quelle außerhalb der Arbeit
      `,
      },
    ],
    measures: `
      criminal-complaint | direct-threat | kessler | -6 | done | 7 | some | Aktenzeichen liegt vor.
      access-change | pathway | okafor | -7 | done | 8 | strong | Sperrung am System geprüft.
      home-security | pathway | hr | 0 | in-progress | | | Gemeinsam mit der polizeilichen Beratungsstelle.
      personal-safety-plan | direct-threat | kessler | -1 | planned | | |
    `,
  },
  {
    language: 'en',
    site: 'Köln',
    status: 'gathering',
    title: 'Customer threatens a service engineer on site',
    lead: 'okafor',
    report: {
      ago: 9,
      channel: 'phone',
      reporter: 'Viktor Hansen, field service',
      contact: '0221 4710 389',
      who: 'The owner of a machine shop, a customer',
      atRisk: 'Viktor Hansen',
      what: 'He locked the hall, put a wrench on the table and said I would leave when the press was running. After forty minutes his son opened the door. I finished nothing and drove off.',
      where: 'Customer site near Aachen',
      when: 'Monday morning',
      behaviours: 'direct-threat, novel-aggression',
    },
    triage:
      'Deprivation of liberty and threat towards an employee. Opened; no visits to this customer until decided.',
    people: `
      t | target | Viktor Hansen | Service engineer | Field service | | on leave this week, at his own wish
      p | of-concern | Owner of the machine shop | customer | | none at our sites |
      w | witness | Son of the owner | | | | opened the door, apologised
    `,
    observations: `
      fact | 9 | high | direct-threat | p,t | Viktor Hansen, own account | The hall was locked for about forty minutes; a wrench was placed on the table with the words “then you stay”.
      hearsay | 8 | medium | | p | Sales representative | The shop is said to be close to insolvency because of the press standing still.
      missing | 7 | unknown | | p | Case lead | The owner’s own account has not been heard.
    `,
    measures: `
      police-contact | direct-threat | kessler | -2 | in-progress | | | Officer will visit with us informed beforehand.
      psychological-first-aid | direct-threat | hr | -7 | done | 8 | some |
    `,
  },
];
