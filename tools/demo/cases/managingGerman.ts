import type { DemoCase } from '../script.ts';

/** Cases under management: measures run, reassessments come due. Written in German. */
export const managingGermanCases: readonly DemoCase[] = [
  {
    language: 'de',
    site: 'Köln',
    status: 'managing',
    title: 'Gewaltandeutung nach Ablehnung der Teilzeit',
    lead: 'kessler',
    report: {
      ago: 35,
      channel: 'phone',
      reporter: 'Personalabteilung Köln',
      contact: '0221 4710 320',
      who: 'Ein Mitarbeiter der Arbeitsvorbereitung, Nils Harms',
      atRisk: 'Personalreferentin Greta Ohm',
      what: 'Nach der Ablehnung sagte er, sie solle sich nicht wundern, wenn „hier mal einer durchdreht“. Er pflegt seinen Vater und ist am Ende seiner Kräfte.',
      where: 'Personalbüro',
      when: 'vor zwei Tagen',
      behaviours: 'direct-threat, last-resort',
    },
    triage: 'Verhüllte Drohung in erkennbarer Überlastung. Fall eröffnet, Hilfe parallel angeboten.',
    people: `
      p | of-concern | Nils Harms | Arbeitsvorbereiter | Arbeitsvorbereitung | im Werk | pflegt seinen Vater
      t | target | Greta Ohm | Personalreferentin | Personal | |
      w | witness | Büroleitung Personal | | Personal | |
    `,
    observations: `
      fact | 37 | high | direct-threat | p,t | Büroleitung, selbst gehört | „Wundern Sie sich nicht, wenn hier mal einer durchdreht.“ Danach weinte er.
      fact | 31 | high | | p | Sozialberatung, mit Einwilligung | Hat das Beratungsangebot angenommen.
      fact | 25 | high | | p | Personalabteilung | Befristete Verringerung der Arbeitszeit vereinbart.
      fact | 12 | high | | p,t | Greta Ohm | Entschuldigte sich persönlich; das Gespräch war ruhig.
    `,
    assessments: [
      {
        ago: 33,
        level: 'moderate',
        rationale:
          'Verhüllte Drohung bei deutlicher Erschöpfung. Letzter Ausweg ist möglich und zugleich der Ansatz: Entlastung. Unter „erhöht“, weil er Hilfe sucht und nichts auf Vorbereitung deutet.',
        items: `
        direct-threat | present | new | 1 |
        last-resort | possible | new | 1 |
        energy-burst | unknown | | |
      `,
      },
      {
        ago: 11,
        level: 'low',
        rationale:
          'Entlastung wirkt, Beratung läuft, Entschuldigung angenommen. Die Drohung bleibt belegt, ist aber einmalig und aus der Lage erklärbar.',
        items: `
        direct-threat | present | stable | 1 | einmalig
      `,
      },
    ],
    measures: `
      employee-assistance | workplace-judgement/coping-breakdown | hr | -30 | done | 31 | strong |
      support-plan | last-resort | kessler | -25 | done | 25 | strong | Befristete Teilzeit.
      target-contact | direct-threat | hr | 4 | in-progress | | some |
    `,
  },
  {
    language: 'de',
    site: 'Leipzig',
    status: 'managing',
    title: 'Sachbeschädigung an Fahrzeugen der Schichtleitung',
    lead: 'kessler',
    report: {
      ago: 44,
      channel: 'phone',
      reporter: 'Werkschutz Leipzig',
      contact: '0221 4710 400',
      who: 'unbekannt, Verdacht gegen einen Mitarbeiter',
      atRisk: 'zwei Schichtleiter',
      what: 'In drei Wochen wurden an zwei Fahrzeugen Reifen zerstochen. Auf einer Scheibe stand „Nächstes Mal nicht nur Gummi“.',
      where: 'Parkplatz Süd',
      when: 'zuletzt Samstagnacht',
      behaviours: 'novel-aggression, direct-threat',
    },
    triage: 'Zunehmende Taten mit Drohung. Fall eröffnet, Ermittlungen führt die Polizei.',
    people: `
      p | of-concern | unbekannt | | | | keine eigenen Ermittlungen
      t | target | Uwe Lorenz | Schichtleitung | Presswerk | Stellplatz gewechselt |
      t2 | target | Karim Haddad | Schichtleitung | Presswerk | Stellplatz gewechselt |
    `,
    observations: `
      fact | 45 | high | novel-aggression | p,t | Polizei, Anzeige | Vier Reifen an zwei Fahrzeugen, Einstiche von der Seite.
      fact | 44 | high | direct-threat | p,t,t2 | Foto der Scheibe | „Nächstes Mal nicht nur Gummi.“
      hearsay | 30 | low | | p | Anonymer Hinweis | Jemand aus der Nachtschicht habe damit geprahlt.
      fact | 20 | high | | | Werkschutz | Seit der Umstellung der Beleuchtung kein Vorfall.
      missing | 15 | unknown | | p | Fallführung | Urheberschaft ungeklärt; Hinweis aus der Nachtschicht nicht bestätigt.
    `,
    files: [
      {
        ago: 43,
        name: 'Skizze Parkplatz Süd.png',
        source: 'Werkschutz Leipzig',
        description: 'Lage der beiden beschädigten Fahrzeuge, nach der Begehung gezeichnet.',
      },
    ],
    assessments: [
      {
        ago: 40,
        level: 'elevated',
        rationale:
          'Erstmalige, sich steigernde Gewalt gegen Sachen mit Drohung gegen Personen. Urheberschaft unbekannt, deshalb vorsichtig bewertet.',
        items: `
        novel-aggression | present | rising | 1 |
        direct-threat | present | new | 2 |
        pathway | unknown | | |
        fixation | unknown | | |
        identification | unknown | | |
        energy-burst | possible | new | 1,2 |
        leakage | possible | new | 3 |
        last-resort | unknown | | |
      `,
      },
      {
        ago: 33,
        level: 'moderate',
        rationale:
          'Keine weiteren Vorfälle seit den Maßnahmen. Solange die Urheberschaft offen ist, nicht unter „mittel“.',
        items: `
        novel-aggression | present | stable | 1,4 |
        direct-threat | present | stable | 2 |
        pathway | unknown | | |
        fixation | unknown | | |
        identification | unknown | | |
        leakage | possible | stable | 3 |
        last-resort | unknown | | |
      `,
      },
    ],
    measures: `
      criminal-complaint | novel-aggression | kessler | -42 | done | 43 | some |
      guard | pathway | okafor | -35 | done | 36 | strong | Beleuchtung und Streife.
      escort-parking | direct-threat | okafor | -4 | in-progress | | |
      team-debrief | leakage | hr | -6 | planned | | |
    `,
  },
  {
    language: 'de',
    site: 'Bonn',
    status: 'managing',
    title: 'Häusliche Gewalt: Schutz einer Mitarbeiterin am Arbeitsplatz',
    lead: 'kessler',
    report: {
      ago: 28,
      channel: 'in-person',
      reporter: 'Die Mitarbeiterin selbst',
      who: 'Ihr getrennt lebender Ehemann',
      atRisk: 'die Mitarbeiterin und ihre Kinder',
      what: 'Sie ist mit den Kindern ausgezogen. Er kennt ihren Arbeitsplatz und hat gesagt, wenn er sie nicht haben könne, solle sie niemand haben. Sie bittet um Schutz im Betrieb und um Verschwiegenheit.',
      where: 'zu Hause und am Telefon',
      when: 'seit der Trennung',
      behaviours: 'direct-threat, last-resort',
    },
    triage: 'Drohung in der Trennung: sehr ernst. Fall eröffnet, kleinster Kreis.',
    people: `
      t | target | Mitarbeiterin, Name im geschützten Bereich | | | Arbeitsort gewechselt |
      p | of-concern | getrennt lebender Ehemann | extern | | kennt das Werk |
      x | other | Frauenberatungsstelle | | | | mit Einwilligung eingebunden
    `,
    observations: `
      fact | 28 | high | direct-threat,last-resort | p,t | Nachricht, gesichert | „Wenn ich dich nicht haben kann, dann keiner.“
      fact | 26 | high | | p | Mitarbeiterin | Frühere Gewalt in der Beziehung, zweimal ärztlich versorgt.
      fact | 19 | high | pathway | p,t | Werkschutz | Fragte am Tor nach ihr, legte einen alten Besucherausweis vor.
      fact | 10 | high | | p | Gericht | Kontakt- und Näherungsverbot erlassen, zugestellt.
      missing | 6 | unknown | | p | Fallführung | Wie er auf die Zustellung reagiert hat.
    `,
    assessments: [
      {
        ago: 27,
        level: 'high',
        rationale:
          'Drohung mit der Trennung als Auslöser bei früherer Gewalt: hohe Gefahr unabhängig von weiteren Merkmalen. Schutz sofort.',
        items: `
        direct-threat | present | new | 1 |
        last-resort | possible | new | 1 |
        fixation | present | new | 1,2 |
        pathway | unknown | | |
      `,
      },
      {
        ago: 18,
        level: 'high',
        rationale: 'Annäherung am Tor bestätigt die Einschätzung.',
        items: `
        direct-threat | present | stable | 1 |
        last-resort | possible | stable | 1 |
        fixation | present | stable | 1,2 |
        pathway | present | new | 3 |
      `,
      },
      {
        ago: 3,
        level: 'elevated',
        rationale:
          'Seit der Zustellung eine Woche ohne Annäherung, sie lebt an unbekanntem Ort. Unter „hoch“ trotz belegter Vorbereitung, weil Zugang am Arbeitsplatz und zu Hause genommen ist. Zustellung bleibt ein kritischer Zeitraum: tägliche Rückfrage.',
        items: `
        direct-threat | present | stable | 1 |
        last-resort | possible | stable | 1 |
        fixation | present | stable | 1,2 |
        pathway | present | falling | 3 |
        energy-burst | unknown | | |
      `,
      },
    ],
    measures: `
      relocate-workplace | workplace-judgement/access-to-target | hr | -26 | done | 27 | strong |
      site-ban | pathway | okafor | -18 | done | 18 | strong |
      protection-order | direct-threat | kessler | -11 | done | 10 | strong |
      personal-safety-plan | pathway | kessler | 1 | in-progress | | some | Wird nach jeder Änderung erneuert.
      need-to-know-briefing | workplace-judgement/organisation-response | kessler | -25 | done | 26 | some |
    `,
  },
];
