import type { DemoCase } from '../script.ts';

/** Cases before a conference. */
export const conferenceCases: readonly DemoCase[] = [
  {
    language: 'de',
    site: 'Leipzig',
    status: 'conference',
    title: 'Mitarbeiter sieht sich als Opfer einer Verabredung',
    lead: 'kessler',
    report: {
      ago: 19,
      channel: 'in-person',
      reporter: 'Ines Baumann, Teamleitung Konstruktion',
      contact: '0221 4710 431',
      who: 'Holger Steinbach, Konstrukteur',
      atRisk: 'Teamleitung und zwei Kolleginnen',
      what: 'Er ist überzeugt, dass wir seine Entwürfe absichtlich verfälschen. Er zeichnet Gespräche auf und hat einen Ordner über uns angelegt. Bisher war er höflich; letzte Woche sagte er, man müsse Verschwörer „stoppen, bevor es zu spät ist“.',
      where: 'Konstruktion Leipzig',
      when: 'seit dem Frühjahr, zuletzt am Donnerstag',
      behaviours: 'fixation, last-resort',
    },
    triage: 'Zunehmende Fixierung mit angedeutetem Handlungsdruck. Fall eröffnet.',
    people: `
      p | of-concern | Holger Steinbach | Konstrukteur | Konstruktion | Büro neben der Teamleitung | seit elf Jahren im Haus, bis zum Frühjahr unauffällig
      t | target | Ines Baumann | Teamleitung | Konstruktion | gleicher Flur |
      w | witness | Katja Lehnert | Konstrukteurin | Konstruktion | | hat den Ordner gesehen
    `,
    observations: `
      fact | 22 | high | fixation | p | Katja Lehnert, selbst gesehen | Ordner mit Gesprächsnotizen, Ausdrucken und Fotos der Arbeitsplätze von drei Kolleginnen.
      fact | 20 | high | last-resort | p,t | Ines Baumann, selbst gehört | „Verschwörer muss man stoppen, bevor es zu spät ist.“ Auf Nachfrage: „Das werden Sie schon merken.“
      hearsay | 15 | medium | | p | Kantinengespräch | Soll seit Wochen kaum schlafen und nachts im Büro gewesen sein.
      fact | 14 | high | | p | Zutrittssystem | Drei Zutritte nach 22 Uhr in zwei Wochen, vorher keiner.
      missing | 12 | unknown | | p | Fallführung | Kein Kontakt zu Angehörigen; ob er Hilfe hat, ist nicht bekannt.
    `,
    assessments: [
      {
        ago: 10,
        level: 'moderate',
        rationale:
          'Fixierung ist belegt, ebenso eine Äußerung mit Handlungsdruck. Vorbereitung ist nicht erkennbar, das Verhalten gegenüber anderen blieb höflich. Offen ist, ob ihn jemand stützt. Bis zur Konferenz wird das Gespräch durch die Personalabteilung vorbereitet.',
        items: `
        fixation | present | rising | 1 | Ordner, Aufzeichnungen, nächtliche Anwesenheit
        last-resort | possible | new | 2 | Ein Satz, mehrdeutig
        energy-burst | possible | new | 4 |
        novel-aggression | unknown | | |
        leakage | unknown | | |
      `,
      },
    ],
    measures: `
      company-doctor | workplace-judgement/coping-breakdown | hr | 2 | planned | | | Freiwillig; Angebot über die Vertrauensperson.
      forensic-consultation | fixation | kessler | -2 | in-progress | | |
      separate-parties | fixation | hr | 4 | planned | | |
    `,
    notes: `
      3 | Fallkonferenz angesetzt. Interessenkonflikt geprüft: keiner.
    `,
  },
  {
    language: 'en',
    site: 'Manchester',
    status: 'conference',
    title: 'Escalating e-mails to the pensions team',
    lead: 'okafor',
    report: {
      ago: 17,
      channel: 'e-mail',
      reporter: 'Pensions team',
      contact: '0161 496 0270',
      who: 'A former employee, Gordon Pike',
      atRisk: 'Two pensions administrators',
      what: 'He believes that his pension was miscalculated on purpose. Since the ombudsman ruled against him his e-mails name both of us, call us thieves and say that “thieves lose their hands”.',
      where: 'E-mail',
      when: 'since the ruling three weeks ago',
      behaviours: 'fixation, direct-threat',
    },
    triage: 'Named targets and a veiled threat after a ruling. Opened.',
    people: `
      p | of-concern | Gordon Pike | former employee | | lives 12 miles from the site | retired in 2021
      t | target | Olivia Grant | Pensions administrator | Finance | name on the letterhead, now removed |
      t2 | target | Rashid Malik | Pensions administrator | Finance | name on the letterhead, now removed |
    `,
    observations: `
      fact | 21 | high | | p | Ombudsman’s letter | The complaint was rejected in full; no further appeal within the scheme.
      fact | 18 | high | direct-threat | p,t,t2 | E-mail, preserved | “Thieves lose their hands. Ask your families whether it was worth it.”
      fact | 16 | high | fixation | p | Mail server | 34 e-mails in three weeks, most between one and four in the morning.
      hearsay | 12 | low | | p | Former colleague | Is said to have sold his car and to be drinking.
      inference | 11 | medium | last-resort | p | Case lead | The ruling closed the last formal way; the tone changed on the same day.
      missing | 10 | unknown | | p | Case lead | Whether he has family contact. His daughter works abroad.
    `,
    assessments: [
      {
        ago: 9,
        level: 'elevated',
        rationale:
          'A direct threat with named targets and a clear increase since the ruling. No approach and no sign of preparation. The ruling leaves him without a formal way out, so offering a conversation about the calculation may matter more than a letter.',
        items: `
        direct-threat | present | new | 2 | conditional on nothing, veiled
        fixation | present | rising | 3 |
        last-resort | possible | new | 5 |
        energy-burst | possible | rising | 3 |
        novel-aggression | unknown | | |
        identification | unknown | | |
      `,
      },
    ],
    measures: `
      single-channel | fixation | okafor | -3 | in-progress | | |
      preserve-evidence | direct-threat | hr | -14 | done | 15 | |
      police-contact | direct-threat | okafor | 1 | planned | | |
      target-contact | direct-threat | hr | -12 | in-progress | | some |
    `,
  },
  {
    language: 'de',
    site: 'Köln',
    status: 'conference',
    title: 'Ankündigung, bei der Betriebsversammlung „reinen Tisch zu machen“',
    lead: 'kessler',
    report: {
      ago: 13,
      channel: 'phone',
      reporter: 'Vertrauensperson, Werk Köln',
      contact: '0221 4710 360',
      who: 'Ein Mitarbeiter der Lackiererei, Andreas Pohl',
      atRisk: 'Werkleitung, Teilnehmende der Versammlung',
      what: 'Nach der Ankündigung der Schließung sagte er vor mehreren: „Bei der Versammlung mache ich reinen Tisch, und dann hört endlich jemand zu.“ Er hat dort 22 Jahre gearbeitet.',
      where: 'Lackiererei Köln',
      when: 'letzten Mittwoch',
      behaviours: 'leakage',
    },
    triage: 'Mehrdeutige Ankündigung mit Termin. Fall eröffnet, Versammlung in elf Tagen.',
    people: `
      p | of-concern | Andreas Pohl | Lackierer | Lackiererei | im Werk | 22 Jahre Betriebszugehörigkeit
      t | target | Werkleitung Köln | | | spricht auf der Versammlung |
      w | witness | Dilek Aydin | Vertrauensperson | Lackiererei | | hat guten Kontakt zu ihm
    `,
    observations: `
      fact | 14 | high | leakage | p | Dilek Aydin, selbst gehört | „Bei der Versammlung mache ich reinen Tisch, und dann hört endlich jemand zu.“
      fact | 10 | high | | p | Gespräch mit Frau Aydin | Er bereitet eine Rede vor und hat um Redezeit gebeten. Er zeigte ihr den Text.
      inference | 9 | medium | | p | Fallführung | Der Satz meint wahrscheinlich die Rede; Hinweise auf Gewalt finden sich darin nicht.
      hearsay | 8 | low | last-resort | p | Kollege | Soll gesagt haben, ohne die Arbeit bleibe ihm nichts.
      missing | 6 | unknown | | p | Fallführung | Wie es ihm nach der Versammlung geht, ist noch nicht bedacht.
    `,
    assessments: [
      {
        ago: 5,
        level: 'low',
        rationale:
          'Die Ankündigung bezieht sich nach dem Gespräch auf eine angemeldete Rede. Kein Hinweis auf Vorbereitung, tragender Kontakt zur Vertrauensperson. Der Verlust der Arbeit bleibt eine Belastung: neue Bewertung am Tag nach der Versammlung.',
        items: `
        leakage | possible | stable | 1 | Deutung als Rede wahrscheinlicher
        last-resort | possible | new | 4 | Hörensagen; Gespräch anbieten
        energy-burst | unknown | | |
      `,
      },
    ],
    measures: `
      event-protection | leakage | okafor | 3 | in-progress | | | Redezeit zugesagt, Ablauf mit dem Betriebsrat abgestimmt.
      support-plan | last-resort | hr | 5 | planned | | |
    `,
  },
  {
    language: 'en',
    site: 'Leipzig',
    status: 'conference',
    title: 'Security guard posts about weapons after a roster dispute',
    lead: 'okafor',
    report: {
      ago: 15,
      channel: 'portal',
      reporter: null,
      who: 'A guard of the contracted security company',
      atRisk: 'the site security coordinator',
      what: 'His public profile used to be about football. Since the roster was changed it shows him in tactical clothing, with captions like “some only understand one language” and praise for a man who attacked his workplace years ago.',
      where: 'public social media',
      when: 'for about a month',
      behaviours: 'identification, leakage',
    },
    triage: 'Change in self-presentation together with a grievance; the person has access and keys. Opened.',
    people: `
      p | of-concern | Marco Thiele | Guard (contractor) | Site security | master keys, night shifts | licence checked in March
      t | target | Anke Sievers | Security coordinator | Site security | |
    `,
    observations: `
      fact | 16 | high | identification | p | Public profile, saved | Four pictures in tactical clothing in four weeks; a post calls a past attacker “the only honest one”.
      fact | 12 | high | | p | Roster | Weekend shifts removed after two complaints; loss of about a fifth of his pay.
      hearsay | 11 | medium | leakage | p,t | Guard of another shift | Is said to have remarked that the coordinator “should watch the stairs”.
      fact | 8 | high | | p | Contractor | Own firearm licence as a sport shooter since 2015, storage inspected this year.
      missing | 7 | unknown | | p | Case lead | Why the complaints were made, and his own view of them.
    `,
    assessments: [
      {
        ago: 12,
        level: 'insufficient',
        rationale:
          'The posts are a change, but we have seen only the public side and have not spoken to anybody who knows him. No level before the contractor has answered.',
        items: `
        identification | possible | new | 1 |
        leakage | unknown | | |
        pathway | unknown | | |
        fixation | unknown | | |
        last-resort | unknown | | |
      `,
      },
      {
        ago: 6,
        level: 'elevated',
        rationale:
          'Identification is supported, a remark about the coordinator is reported, and he has means and master keys. The licence is long-standing and not counted. Keys and shifts are changed before the conversation.',
        items: `
        identification | present | rising | 1 |
        leakage | possible | new | 3 | wording not certain
        fixation | possible | new | 3 |
        last-resort | unknown | | |
        novel-aggression | unknown | | |
      `,
      },
    ],
    measures: `
      access-change | workplace-judgement/access-to-target | okafor | -4 | done | 5 | strong | Master keys withdrawn with the contractor.
      separate-parties | leakage | hr | -1 | in-progress | | |
      boundary-talk | identification | okafor | 2 | planned | | | By the contractor, prepared with us.
    `,
  },
];
