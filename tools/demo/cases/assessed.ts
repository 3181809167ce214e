import type { DemoCase } from '../script.ts';

/** Cases with a signed assessment that waits for approval. */
export const assessedCases: readonly DemoCase[] = [
  {
    language: 'de',
    site: 'Köln',
    status: 'assessed',
    title: 'Nachstellung einer Auszubildenden durch einen Kunden',
    lead: 'kessler',
    report: {
      ago: 26,
      channel: 'in-person',
      reporter: 'Ausbildungsleitung Köln',
      contact: '0221 4710 342',
      who: 'Ein Kunde des Werksverkaufs',
      atRisk: 'Mia Brandt, Auszubildende',
      what: 'Er kommt jeden Tag in den Werksverkauf, kauft nichts, fotografiert sie und hat ihr ein Foto ihrer Haustür geschickt mit den Worten „schön wohnst du“.',
      where: 'Werksverkauf Köln',
      when: 'seit vier Wochen',
      behaviours: 'fixation, pathway',
    },
    triage:
      'Nachstellung einer jungen Beschäftigten, Annäherung an die Wohnung. Fall eröffnet, Eltern auf ihren Wunsch einbezogen.',
    people: `
      t | target | Mia Brandt | Auszubildende | Werksverkauf | nicht mehr im Verkauf eingesetzt | 18 Jahre
      p | of-concern | Kunde, Name der Polizei bekannt | extern | | Hausverbot |
      w | witness | Paul Steffens | Ausbilder | Werksverkauf | |
    `,
    observations: `
      fact | 27 | high | fixation | p,t | Paul Steffens, Notizen | An 17 von 20 Öffnungstagen im Verkauf, jeweils bis zum Ende ihrer Schicht.
      fact | 25 | high | pathway | p,t | Nachricht, gesichert | Foto ihrer Haustür mit „schön wohnst du“.
      fact | 18 | high | | p | Werkschutz | Nahm das Hausverbot ruhig entgegen, fragte aber, „wo sie jetzt arbeitet“.
      hearsay | 15 | medium | | p | Nachbarin der Familie | Ein Mann habe zweimal vor dem Haus gestanden.
      missing | 14 | unknown | | p | Fallführung | Frühere Verfahren sind der Polizei bekannt, uns nicht.
    `,
    assessments: [
      {
        ago: 20,
        level: 'elevated',
        rationale:
          'Tägliche Annäherung und Ausforschung der Wohnung. Keine Drohung, aber das Fehlen einer Drohung beruhigt nicht. Schutz geht vor Klärung.',
        items: `
        pathway | present | new | 2 |
        fixation | present | rising | 1 |
        energy-burst | possible | rising | 1 |
        novel-aggression | unknown | | |
        last-resort | unknown | | |
      `,
      },
      {
        ago: 1,
        level: 'moderate',
        rationale:
          'Seit dem Hausverbot und dem Gespräch der Polizei zwei Wochen ohne Annäherung. Vorbereitung bleibt „möglich“, weil die Nachfrage am Tag des Verbots zeigt, dass das Interesse besteht. Abweichung nach unten begründet durch belegte Ruhe bei fortbestehender Gelegenheit und bestehenden Schutz.',
        items: `
        pathway | possible | falling | 2,4 | Zwei Wochen ohne neue Beobachtung
        fixation | present | falling | 1,3 |
        novel-aggression | unknown | | |
      `,
      },
    ],
    measures: `
      site-ban | workplace-judgement/access-to-target | okafor | -18 | done | 18 | strong |
      police-contact | pathway | kessler | -15 | done | 15 | strong | Gefährderansprache durch die Polizei.
      relocate-workplace | fixation | hr | -17 | done | 19 | some | Auf ihren Wunsch, Rückkehr offen.
      victim-services | fixation | hr | 3 | in-progress | | |
      protection-order | pathway | kessler | 6 | planned | | | Entscheidung liegt bei ihr.
    `,
  },
  {
    language: 'en',
    site: 'Manchester',
    status: 'assessed',
    title: 'Colleague waiting outside a team leader’s home',
    lead: 'okafor',
    report: {
      ago: 14,
      channel: 'phone',
      reporter: 'Fiona Marsh, team leader',
      contact: '0161 496 0244',
      who: 'Stuart Lennox, planner',
      atRisk: 'Fiona Marsh',
      what: 'Since the appraisal I have seen his car in my street three times, once with him in it. He says he visits a friend. He does not have a friend in my street.',
      where: 'private address',
      when: 'last two weeks',
      behaviours: 'pathway, fixation',
    },
    triage: 'Approach to a private address after an appraisal. Opened the same day.',
    people: `
      p | of-concern | Stuart Lennox | Planner | Planning | same floor, badge |
      t | target | Fiona Marsh | Team leader | Planning | parks in the street |
    `,
    observations: `
      fact | 15 | high | pathway | p,t | Fiona Marsh, own notes | Car seen in her street on three evenings, once occupied, each time for more than half an hour.
      fact | 13 | high | | p | Appraisal record | First appraisal below expectations in eight years.
      hearsay | 11 | medium | | p | Colleague | He is said to have asked who signed the appraisal and whether she lives alone.
      fact | 7 | high | pathway | p,t | Doorbell camera | Stood at her gate for four minutes, did not ring.
      inference | 6 | medium | energy-burst | p | Case lead | From the street to the gate within a week.
      missing | 6 | unknown | | p | Case lead | No conversation with him yet; timing to be agreed with the police.
    `,
    assessments: [
      {
        ago: 2,
        level: 'high',
        rationale:
          'Repeated approach to the home, moving closer, and a question about whether she lives alone. No threat has been made and that does not reassure. Access at work and at home exists. Protection starts before approval.',
        items: `
        pathway | present | rising | 1,4 |
        fixation | present | new | 1,3 |
        energy-burst | possible | new | 5 |
        last-resort | unknown | | |
        novel-aggression | unknown | | |
      `,
      },
    ],
    measures: `
      separate-parties | workplace-judgement/access-to-target | hr | -1 | in-progress | | |
      home-security | pathway | okafor | 0 | in-progress | | |
      remote-or-release | energy-burst | hr | 0 | planned | | |
      escort-parking | pathway | okafor | -2 | done | 2 | some |
    `,
  },
  {
    language: 'de',
    site: 'Leipzig',
    status: 'assessed',
    title: 'Andeutungen gegenüber dem Betriebsrat nach einer Abmahnung',
    lead: 'kessler',
    report: {
      ago: 12,
      channel: 'in-person',
      reporter: 'Mitglied des Betriebsrats',
      who: 'Frank Oberländer, Instandhaltung',
      atRisk: 'Personalleitung Leipzig',
      what: 'Er sagte, er wisse jetzt, wie man sich Gehör verschafft, und „die da oben“ würden sich noch wundern. Er war sehr aufgebracht, hat sich danach aber bedankt, dass ich zugehört habe.',
      where: 'Büro des Betriebsrats',
      when: 'am Tag nach der Abmahnung',
      behaviours: 'leakage',
    },
    triage: 'Andeutung nach arbeitsrechtlichem Schritt. Fall eröffnet.',
    people: `
      p | of-concern | Frank Oberländer | Instandhalter | Instandhaltung | Schlüssel für Technikräume |
      t | target | Personalleitung Leipzig | | Personal | |
      w | witness | Mitglied des Betriebsrats | | | | möchte nicht namentlich genannt werden
    `,
    observations: `
      fact | 12 | high | leakage | p,t | Betriebsrat, selbst gehört | „Ich weiß jetzt, wie man sich Gehör verschafft. Die da oben werden sich noch wundern.“
      fact | 9 | high | | p | Gespräch mit der Führungskraft | Arbeitet wie gewohnt, hat einen Anwalt und Widerspruch gegen die Abmahnung eingelegt.
      inference | 8 | medium | | p | Fallführung | „Gehör verschaffen“ meint nach dem Zusammenhang wahrscheinlich den Widerspruch.
      missing | 7 | unknown | | p | Fallführung | Sein Verhältnis zur Personalleitung vor der Abmahnung.
    `,
    assessments: [
      {
        ago: 3,
        level: 'low',
        rationale:
          'Eine mehrdeutige Äußerung in großer Erregung, danach Rückgriff auf den Rechtsweg und tragender Kontakt zum Betriebsrat. Keine Hinweise auf Vorbereitung oder Fixierung. Neue Bewertung, falls der Widerspruch zurückgewiesen wird.',
        items: `
        leakage | possible | stable | 1 |
        energy-burst | unknown | | |
      `,
      },
    ],
    measures: `
      boundary-talk | leakage | hr | 2 | planned | | |
    `,
  },
  {
    language: 'en',
    site: 'Bonn',
    status: 'assessed',
    title: 'Threats in a dispute over credit for a patent',
    lead: 'okafor',
    report: {
      ago: 21,
      channel: 'e-mail',
      reporter: 'Research office',
      contact: '0221 4710 275',
      who: 'Dr. Emil Varga, research',
      atRisk: 'Dr. Lucia Ferrante, research',
      what: 'He is not named on the application. He told her in the lab that she would “not live to see the grant”. Witnesses were present. He apologised the next day in writing.',
      where: 'Laboratory 3, Bonn',
      when: 'three weeks ago',
      behaviours: 'direct-threat',
    },
    triage: 'Direct threat before witnesses. Opened although an apology followed.',
    people: `
      p | of-concern | Emil Varga | Scientist | Research | laboratory badge |
      t | target | Lucia Ferrante | Scientist | Research | shares laboratory 3 |
      w | witness | Laboratory assistant | | Research | |
    `,
    observations: `
      fact | 21 | high | direct-threat | p,t | Laboratory assistant, heard it | “You will not live to see the grant.” Said loudly, while leaving the room.
      fact | 20 | high | | p,t | E-mail | Apology without reservation, offers to work in another laboratory.
      fact | 13 | high | | p | Works council | Has asked for arbitration under the inventors’ agreement and accepted a date.
      inference | 10 | medium | | p | Case lead | A threat in anger, followed by steps towards a regular resolution.
    `,
    assessments: [
      {
        ago: 16,
        level: 'moderate',
        rationale:
          'A direct threat is supported. The apology and the offer to move count, but only a few days have passed.',
        items: `
        direct-threat | present | new | 1 |
        last-resort | unknown | | |
        leakage | unknown | | |
      `,
      },
      {
        ago: 2,
        level: 'low',
        rationale:
          'Two weeks without incident with opportunity to meet, a regular procedure accepted by both sides. A level below moderate although a threat was made: apology, changed place of work and the arbitration date carry it.',
        items: `
        direct-threat | present | stable | 1,2 | not repeated
      `,
      },
    ],
    measures: `
      separate-parties | direct-threat | hr | -14 | done | 15 | strong |
      boundary-talk | direct-threat | okafor | -12 | done | 13 | some |
    `,
  },
];
