import type { DemoCase } from '../script.ts';

/** Reports that nobody has decided on yet: four just received, three in triage. */
export const incomingCases: readonly DemoCase[] = [
  {
    language: 'de',
    site: 'Bonn',
    status: 'received',
    title: 'Drohung am Telefon gegen die Schichtleitung',
    lead: 'kessler',
    report: {
      ago: 0.04,
      channel: 'phone',
      reporter: 'Ralf Petersen, Schichtleitung Halle 2',
      contact: '0221 4710 214',
      who: 'Ein früherer Leihmitarbeiter, vermutlich Herr Dorn',
      atRisk: 'Ralf Petersen',
      what: 'Anruf vor wenigen Minuten auf der Leitstandnummer. „Ich stehe gleich am Tor, dann reden wir zwei, und danach redest du nicht mehr.“ Die Stimme war ruhig. Im Hintergrund war Straßenlärm zu hören. Der Werkschutz hat das Tor besetzt.',
      where: 'Leitstand Halle 2, Telefon',
      when: 'gerade eben',
      behaviours: 'direct-threat',
      emergency: true,
    },
  },
  {
    language: 'en',
    site: 'Manchester',
    status: 'received',
    title: 'Remarks about “making them pay” after a promotion decision',
    lead: 'okafor',
    report: {
      ago: 0.3,
      channel: 'in-person',
      reporter: 'Priya Nair, process engineering',
      contact: '0161 496 0233',
      who: 'A colleague in process engineering, Adrian Holt',
      atRisk: 'The promotion panel, not named',
      what: 'At lunch he said that the panel had ended his career and that he would make them pay, “and not with a complaint form”. Two people laughed, he did not. He has stopped joining the team for coffee. I am not sure whether I am making too much of it.',
      where: 'Canteen, Manchester',
      when: 'yesterday, about 12:40',
      behaviours: 'leakage',
    },
  },
  {
    language: 'de',
    site: 'Leipzig',
    status: 'received',
    title: 'Kollege fotografiert den Parkplatz der Abteilungsleitung',
    lead: 'kessler',
    report: {
      ago: 1.1,
      channel: 'portal',
      reporter: null,
      who: 'Ein Mitarbeiter aus der Instandhaltung, Name ist mir bekannt',
      atRisk: 'Abteilungsleitung Einkauf',
      what: 'Er hat an drei Tagen den Parkplatz und das Kennzeichen der Abteilungsleiterin fotografiert. Angesprochen sagte er, das gehe niemanden etwas an. Ich möchte nicht genannt werden, weil wir in derselben Schicht arbeiten.',
      where: 'Parkplatz Nord, Leipzig',
      when: 'Montag bis Mittwoch, gegen 17 Uhr',
      behaviours: 'pathway, fixation',
    },
  },
  {
    language: 'en',
    site: 'Köln',
    status: 'received',
    title: 'Repeated messages from a former contractor',
    lead: 'okafor',
    report: {
      ago: 0.7,
      channel: 'e-mail',
      reporter: 'Hannah Lindqvist, project office',
      contact: 'hannah.lindqvist@rheinbrueck.example',
      who: 'A former contractor of the control-systems project',
      atRisk: 'Hannah Lindqvist',
      what: 'Since his contract ended he has sent me nineteen messages through four different accounts. They began as questions about references. The last three mention my running route and ask why I changed it.',
      where: 'Private accounts and work e-mail',
      when: 'over the last five weeks, last message yesterday evening',
      behaviours: 'fixation, energy-burst',
    },
  },
  {
    language: 'de',
    site: 'Köln',
    status: 'triage',
    title: 'Streit in der Kantine, Stuhl umgeworfen',
    lead: 'kessler',
    report: {
      ago: 0.9,
      channel: 'phone',
      reporter: 'Küchenleitung Köln',
      contact: '0221 4710 330',
      who: 'Zwei Kollegen aus der Montage',
      atRisk: 'unklar',
      what: 'Lauter Streit um einen Schichttausch, ein Stuhl wurde umgeworfen, niemand verletzt. Einer der beiden rief beim Hinausgehen: „Das war noch nicht alles.“ Beide sind danach wieder an die Arbeit gegangen.',
      where: 'Kantine Köln',
      when: 'gestern Mittag',
      behaviours: '',
    },
    people: `
      p | of-concern | Name noch nicht bekannt | Montage | Köln | im Werk | einer der beiden Beteiligten
    `,
    observations: `
      missing | 0.8 | unknown | | p | Ersteinschätzung | Wer von beiden den Satz gerufen hat, ist noch nicht geklärt. Küchenleitung fragt nach.
    `,
  },
  {
    language: 'en',
    site: 'Manchester',
    status: 'triage',
    title: 'Supplier driver followed a dispatcher to her car',
    lead: 'okafor',
    report: {
      ago: 0.8,
      channel: 'phone',
      reporter: 'Carol Whitfield, goods-in supervisor',
      contact: '0161 496 0310',
      who: 'A driver of a parts supplier, first name Lee',
      atRisk: 'Megan Doyle, dispatcher',
      what: 'He waited outside the dispatch office until she left, walked behind her to the staff car park and stood beside her car until she drove away. He did not speak. It is the second time this week. She is worried about tomorrow’s delivery slot.',
      where: 'Staff car park, Manchester',
      when: 'yesterday, 17:15',
      behaviours: 'pathway, fixation',
    },
    people: `
      t | target | Megan Doyle | Dispatcher | Goods-in | works the late slot | prefers contact by phone
      p | of-concern | Lee (surname unknown) | Driver | Supplier | delivers Tuesdays and Thursdays |
    `,
    observations: `
      fact | 1 | high | pathway | p,t | Camera, staff car park | Footage shows him standing beside her car for six minutes after she had left the building.
      missing | 0.7 | unknown | | p | Triage | The supplier has not yet told us his full name. Asked for it through the supply contract.
    `,
  },
  {
    language: 'de',
    site: 'Leipzig',
    status: 'triage',
    title: 'Beunruhigender Abschiedsgruß eines Mitarbeiters',
    lead: 'kessler',
    report: {
      ago: 0.2,
      channel: 'phone',
      reporter: 'Svenja Krüger, Teamleitung Qualität',
      contact: '0221 4710 418',
      who: 'Ein Mitarbeiter der Qualitätssicherung, Herr Thalberg',
      atRisk: 'er selbst',
      what: 'Er hat sich heute bei jedem einzeln verabschiedet, „falls man sich nicht mehr sieht“, und seinen Schlüsselbund auf den Tisch gelegt. Seine Frau ist vor zwei Wochen ausgezogen. Die Betriebsärztin ist bei ihm, der Krisendienst ist verständigt.',
      where: 'Prüflabor Leipzig',
      when: 'heute zu Schichtbeginn',
      behaviours: 'last-resort',
      emergency: true,
    },
    observations: `
      fact | 0.18 | high | last-resort | | Svenja Krüger, selbst gehört | Verabschiedete sich einzeln von sechs Kolleginnen und Kollegen und gab seine Schlüssel ab.
    `,
  },
];
