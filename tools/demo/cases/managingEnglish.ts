import type { DemoCase } from '../script.ts';

/** Cases under management: measures run, reassessments come due. Written in English. */
export const managingEnglishCases: readonly DemoCase[] = [
  {
    language: 'en',
    site: 'Manchester',
    status: 'managing',
    title: 'Stalking of a receptionist by a former colleague',
    lead: 'okafor',
    report: {
      ago: 46,
      channel: 'in-person',
      reporter: 'Chloe Barnes, reception',
      contact: '0161 496 0201',
      who: 'Dean Fowler, former colleague',
      atRisk: 'Chloe Barnes',
      what: 'He left in the summer. Since then he sends flowers to reception every Monday and waits at my bus stop. I have told him twice to stop. He answers that I do not know my own feelings.',
      where: 'Reception and bus stop',
      when: 'since July, more often since October',
      behaviours: 'fixation, pathway',
    },
    triage: 'Persistent unwanted contact after a clear no. Opened.',
    people: `
      p | of-concern | Dean Fowler | former colleague | | no badge, knows the site |
      t | target | Chloe Barnes | Receptionist | Front office | works elsewhere on Mondays |
      w | witness | Bus driver, line 42 | | | | confirmed the waiting
    `,
    observations: `
      fact | 47 | high | fixation | p,t | Delivery notes | Flowers on fourteen consecutive Mondays, each with a card.
      fact | 40 | high | pathway | p,t | Bus driver | Waits at the stop on days when she works late, boards after her, leaves one stop later.
      fact | 30 | high | | p,t | Letter, copy | Written request to stop all contact, delivered and signed for.
      fact | 24 | high | fixation | p,t | Card, preserved | “I will wait. You will understand that there is nobody else.”
      fact | 12 | medium | | p | Chloe Barnes | No contact for twelve days since the police visit.
      missing | 10 | unknown | | p | Case lead | His present work and company. The police know, we do not.
    `,
    assessments: [
      {
        ago: 41,
        level: 'moderate',
        rationale:
          'Fixation with approach in public. No threat. A clear request to stop has not yet been made in writing.',
        items: `
        fixation | present | new | 1 |
        pathway | possible | new | 2 |
        last-resort | unknown | | |
        novel-aggression | unknown | | |
      `,
      },
      {
        ago: 22,
        level: 'elevated',
        rationale:
          'He disregarded the written request within a week and the cards become absolute. Below high because there is no sign of preparation or despair.',
        items: `
        fixation | present | rising | 1,4 |
        pathway | possible | stable | 2 |
        last-resort | possible | new | 4 |
        novel-aggression | unknown | | |
      `,
      },
      {
        ago: 9,
        level: 'moderate',
        rationale:
          'Quiet since the police visit, with opportunity. A level below elevated is justified by twelve days without any contact and protection in place; to be renewed if anything arrives.',
        items: `
        fixation | present | falling | 1,4 |
        pathway | possible | falling | 2 |
        last-resort | possible | stable | 4 |
      `,
      },
    ],
    measures: `
      no-contact-advice | fixation | okafor | -38 | done | 39 | some |
      cease-and-desist | fixation | kessler | -30 | done | 30 | none | Disregarded within a week.
      police-contact | fixation | okafor | -14 | done | 14 | strong |
      reception-alert | pathway | hr | -40 | in-progress | | some |
      victim-services | fixation | hr | -3 | in-progress | | |
      protection-order | fixation | okafor | 9 | planned | | |
    `,
    contested: 'measure',
  },
  {
    language: 'en',
    site: 'Köln',
    status: 'managing',
    title: 'Online campaign against the site manager',
    lead: 'okafor',
    report: {
      ago: 31,
      channel: 'e-mail',
      reporter: 'Corporate communications',
      contact: '0221 4710 305',
      who: 'A neighbour of the plant, known by name',
      atRisk: 'Dr. Paula Heinemann, site manager',
      what: 'He holds her personally responsible for the night noise. He publishes her picture daily, has counted her car journeys for two weeks and asks readers to “pay her a visit”.',
      where: 'Blog and social media',
      when: 'since the permit for the new hall',
      behaviours: 'fixation, pathway',
    },
    triage: 'Calls on others to act and publishes movements. Opened.',
    people: `
      p | of-concern | Neighbour of the plant | extern | | lives 300 metres away |
      t | target | Paula Heinemann | Site manager | Management | address not public, route was |
    `,
    observations: `
      fact | 32 | high | fixation | p,t | Blog, saved | 63 posts in five weeks, 48 of them about her person rather than the noise.
      fact | 29 | high | pathway | p,t | Blog, saved | Table of her arrivals and departures over two weeks.
      fact | 26 | high | leakage | p,t | Comment, saved | “Someone should pay her a visit at home.”
      fact | 13 | high | | p | Mediation office of the city | Took part in the residents’ meeting, spoke calmly for an hour about sleep.
      inference | 12 | medium | | p | Case lead | The noise is a real burden. Where it is taken seriously, the tone changes.
    `,
    assessments: [
      {
        ago: 27,
        level: 'elevated',
        rationale:
          'Movements recorded and published, and a call to others. Risk lies also with readers we do not know.',
        items: `
        fixation | present | rising | 1 |
        pathway | possible | new | 2 |
        leakage | possible | new | 3 |
        identification | unknown | | |
        last-resort | unknown | | |
      `,
      },
      {
        ago: 8,
        level: 'moderate',
        rationale:
          'After the residents’ meeting the posts turned back to the noise and the table was taken down. Fixation remains. Below elevated because the publication of movements stopped and contact exists.',
        items: `
        fixation | present | falling | 1,4 |
        pathway | possible | falling | 2 |
        leakage | possible | stable | 3 |
        last-resort | unknown | | |
      `,
      },
    ],
    measures: `
      home-security | pathway | okafor | -24 | done | 25 | strong |
      press-and-rumour-line | fixation | hr | -20 | done | 21 | some |
      single-channel | fixation | okafor | 0 | in-progress | | some |
      relocate-workplace | pathway | hr | -22 | cancelled | | | Not wanted by her.
    `,
  },
  {
    language: 'en',
    site: 'Manchester',
    status: 'managing',
    title: 'Return to work after threats in the paint shop',
    lead: 'okafor',
    report: {
      ago: 62,
      channel: 'in-person',
      reporter: 'Paint-shop supervisor',
      contact: '0161 496 0402',
      who: 'Kieran Walsh, painter',
      atRisk: 'Tomasz Zielinski, painter',
      what: 'After an accident for which he blamed his colleague he said he would push him into the basin. He was sent home. He now wants to come back and so does the team, but Tomasz is afraid.',
      where: 'Paint shop',
      when: 'two days ago',
      behaviours: 'direct-threat',
    },
    triage: 'Direct threat, both remain employed. Opened to prepare a safe return.',
    people: `
      p | of-concern | Kieran Walsh | Painter | Paint shop | returned to a different line |
      t | target | Tomasz Zielinski | Painter | Paint shop | |
      x | other | Trade union representative | | | | trusted by both
    `,
    observations: `
      fact | 64 | high | direct-threat | p,t | Supervisor, heard it | “Next time you go into the basin.”
      fact | 55 | high | | p | Conversation, two present | Regrets it, had not slept since the accident, accepts the conditions for his return.
      fact | 34 | high | | p,t | Union representative | Joint conversation at the wish of both; no fear voiced afterwards.
      fact | 9 | medium | | p | Supervisor | Two calm months; keeps to the agreement.
    `,
    assessments: [
      {
        ago: 58,
        level: 'moderate',
        rationale: 'A direct threat close to an accident. No other indication.',
        items: `
        direct-threat | present | new | 1 |
        last-resort | unknown | | |
      `,
      },
      {
        ago: 33,
        level: 'low',
        rationale:
          'Agreement kept for four weeks, joint conversation held. The threat was a single one and is explained by the accident; hence below moderate.',
        items: `
        direct-threat | present | stable | 1,2 |
      `,
      },
    ],
    measures: `
      remote-or-release | direct-threat | hr | -60 | done | 61 | some |
      boundary-talk | direct-threat | okafor | -54 | done | 55 | strong |
      reintegration | workplace-judgement/respects-limits | hr | 6 | in-progress | | strong |
    `,
  },
  {
    language: 'en',
    site: 'Leipzig',
    status: 'managing',
    title: 'Dismissed trainee keeps returning to the gate',
    lead: 'okafor',
    report: {
      ago: 22,
      channel: 'phone',
      reporter: 'Gate security',
      contact: '0221 4710 401',
      who: 'A dismissed trainee, Jannik Roth',
      atRisk: 'his former trainer',
      what: 'He comes to the gate nearly every day at the end of the shift, asks for his trainer and leaves when told to. He is nineteen and always alone. Yesterday he cried.',
      where: 'Main gate',
      when: 'since the dismissal three weeks ago',
      behaviours: 'fixation',
    },
    triage: 'Repeated approach without threat, visible distress. Opened for support as much as protection.',
    people: `
      p | of-concern | Jannik Roth | former trainee | | no badge, stands at the gate | nineteen, lives alone
      t | target | Heiko Brand | Trainer | Training workshop | | would talk to him
    `,
    observations: `
      fact | 23 | high | fixation | p,t | Gate log | At the gate on thirteen of sixteen working days, between 15:00 and 16:00.
      fact | 20 | high | last-resort | p | Guard, heard it | “There is nothing else for me any more.”
      fact | 15 | high | | p | Youth employment service | Has met a counsellor twice, with our introduction.
      fact | 7 | high | | p | Gate log | Has not been at the gate for eight days.
      missing | 5 | unknown | | p | Case lead | Contact with his parents.
    `,
    assessments: [
      {
        ago: 19,
        level: 'moderate',
        rationale:
          'Despair rather than hostility. Last resort is possible, directed at himself as much as anyone. A level below elevated because help was accepted on the same day.',
        items: `
        fixation | possible | new | 1 |
        last-resort | possible | new | 2 |
        energy-burst | unknown | | |
        leakage | unknown | | |
      `,
      },
    ],
    measures: `
      crisis-service | last-resort | hr | -20 | done | 20 | strong |
      support-plan | last-resort | okafor | -8 | in-progress | | some | Transfer to another training company is being prepared.
      reception-alert | fixation | okafor | -19 | done | 19 | some |
    `,
  },
];
