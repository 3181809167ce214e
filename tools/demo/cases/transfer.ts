import type { DemoCase } from '../script.ts';

/** The case that shows most: five assessments, a rising level, and an item that two people judge differently. */
export const transferCases: readonly DemoCase[] = [
  {
    language: 'de',
    site: 'Bonn',
    status: 'managing',
    title: 'Drohungen nach Versetzung, Werk 3',
    lead: 'kessler',
    report: {
      ago: 53,
      channel: 'phone',
      reporter: 'Yvonne Reuter, Fertigung Werk 3',
      contact: '0221 4710 231',
      who: 'Matthias Krohn, Anlagenführer',
      atRisk: 'Stefan Hagedorn, früherer Vorgesetzter',
      what: 'Seit seiner Versetzung spricht er nur noch über Herrn Hagedorn. In der Pause sagte er, der werde „sehen, was das kostet“. Die Kolleginnen gehen ihm aus dem Weg.',
      where: 'Pausenraum Werk 3',
      when: 'seit der Versetzung im September',
      behaviours: 'fixation, leakage',
    },
    triage: 'Fixierung und Äußerung gegenüber Dritten nach Versetzung. Fall eröffnet.',
    people: `
      p | of-concern | Matthias Krohn | Anlagenführer | Logistik, früher Werk 3 | Karte Werk 3 gesperrt, Gelände offen | seit der Versetzung häufig krank
      t | target | Stefan Hagedorn | Fertigungsleitung | Werk 3 | Stellplatz im Parkhaus, jetzt gewechselt | verheiratet, informiert
      w | witness | Yvonne Reuter | Fertigung | Werk 3 | | frühere Kollegin mit gutem Kontakt
      w2 | witness | Birgit Claasen | Disposition | Logistik | | erhielt den Lageplan
      x | other | Bruder von Herrn Krohn | | | | mögliche Vertrauensperson
    `,
    observations: `
      fact | 53 | high | leakage | p,t | Yvonne Reuter, selbst gehört | „Der wird noch sehen, was das kostet.“ In der Pause, vor vier Personen.
      fact | 47 | high | fixation | p | Führungskraft Logistik | Kommt in jedem Gespräch auf Herrn Hagedorn zurück; zwei Ermahnungen wegen liegen gebliebener Arbeit.
      hearsay | 38 | medium | fixation | p | Betriebsrat | Soll Unterlagen über Entscheidungen von Herrn Hagedorn seit 2018 sammeln.
      fact | 33 | high | | p | Bruder, am Telefon | Hält Kontakt, ist besorgt, hat bisher aber Einfluss.
      fact | 16 | high | | p,t | Werkschutz | Stand nach Dienstende im Treppenhaus Werk 3, obwohl er dort nicht mehr arbeitet. Ging auf Aufforderung.
      hearsay | 8 | medium | pathway | p,t | ein Kollege | Soll nach Dienstzeiten und Stellplatz der Leitung gefragt haben.
      fact | 5 | high | pathway,leakage | p,t | Birgit Claasen, Nachricht gesichert | Schickte einen Lageplan des Parkhauses mit den Worten: „Da steht er jeden Abend.“
      inference | 4 | medium | energy-burst | p | Fallführung | Drei Ereignisse in acht Tagen nach Wochen mit einem: das Tempo steigt.
      missing | 3 | unknown | | p,x | Fallführung | Der Bruder hat seit zehn Tagen keinen Kontakt. Ob ihn noch jemand erreicht, ist offen.
    `,
    assessments: [
      {
        ago: 50,
        level: 'low',
        rationale:
          'Eine Äußerung in der ersten Woche nach der Versetzung, ohne weitere Hinweise. Gespräch mit der Führungskraft, neue Bewertung in drei Wochen.',
        items: `
        leakage | possible | new | 1 |
        fixation | unknown | | |
        energy-burst | unknown | | |
      `,
      },
      {
        ago: 32,
        level: 'moderate',
        rationale:
          'Fixierung ist nun belegt und wirkt sich auf die Arbeit aus. Der Bruder trägt. Keine Vorbereitung erkennbar.',
        items: `
        fixation | present | rising | 2,3 | Arbeit leidet
        leakage | possible | stable | 1 |
        energy-burst | unknown | | |
      `,
      },
      {
        ago: 14,
        level: 'elevated',
        rationale:
          'Aufenthalt im Werk 3 ohne Anlass: eine Grenze wurde überschritten. Vorbereitung ist möglich, eine andere Erklärung hat er nicht gegeben.',
        items: `
        pathway | possible | new | 5 | Aufenthalt ohne Anlass
        fixation | present | stable | 2,3 |
        leakage | possible | stable | 1 |
        novel-aggression | unknown | | |
      `,
      },
      {
        ago: 4,
        level: 'high',
        rationale:
          'Lageplan mit Zeitangabe an eine Kollegin: mitgeteilte Absicht und mögliche Vorbereitung treffen zusammen, die Ereignisse häufen sich. Der Kontakt zum Bruder ist abgerissen. Dagegen steht, dass er bisher Aufforderungen befolgt hat. Schutz von Herrn Hagedorn hat Vorrang.',
        items: `
        pathway | possible | rising | 6,7 | Lageplan, Nachfrage nach dem Stellplatz
        fixation | present | rising | 2,3 |
        energy-burst | possible | new | 8 |
        leakage | present | new | 1,7 | Wortlaut gesichert
        last-resort | unknown | | | Kontakt zum Bruder abgerissen
        novel-aggression | unknown | | |
      `,
      },
      {
        ago: 0.2,
        level: null,
        rationale: '',
        items: `
        pathway | possible | stable | 6,7 | Seit der Sperre keine Annäherung
        fixation | present | stable | 2,3 | Spricht häufig über die frühere Leitung.
        leakage | present | stable | 1,7 |
      `,
      },
    ],
    measures: `
      manager-coaching | workplace-judgement/grievance | hr | -40 | done | 42 | some |
      boundary-talk | fixation | kessler | -28 | done | 29 | some | Hat die Grenze zwei Wochen geachtet.
      access-change | workplace-judgement/access-to-target | okafor | 0 | in-progress | | | Karte Werk 3 gesperrt, Parkhaus noch offen.
      escort-parking | pathway | okafor | -2 | done | 3 | strong |
      personal-safety-plan | pathway | kessler | -1 | in-progress | | | Gespräch geführt, Familie folgt.
      police-contact | leakage | kessler | 1 | planned | | |
      custom: Ausweichstellplatz für die Leitung | pathway | okafor | 3 | planned | | | Mit dem Gebäudemanagement abgestimmt.
      support-plan | last-resort | hr | 2 | planned | | | Über den Bruder, wenn er erreichbar ist.
    `,
    notes: `
      14 | Fallkonferenz: Werkschutz, Personal, Arbeitsrecht. Beschluss: Zutritt begrenzen, Bruder einbeziehen.
      4 | Zweite Fallkonferenz am selben Abend. Anzeige wird mit Herrn Hagedorn besprochen.
    `,
    contested: 'item',
  },
];
