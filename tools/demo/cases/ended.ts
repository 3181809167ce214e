import type { DemoCase } from '../script.ts';

/** Reports that triage did not open as a case: two rejected, two referred to those who can help. */
export const endedCases: readonly DemoCase[] = [
  {
    language: 'de',
    site: 'Bonn',
    status: 'rejected',
    title: 'Beschwerde über Lautstärke im Großraumbüro',
    lead: 'kessler',
    report: {
      ago: 24,
      channel: 'e-mail',
      reporter: 'Team Vertriebsinnendienst',
      who: 'Ein Kollege aus dem Nachbarteam',
      atRisk: 'niemand',
      what: 'Er telefoniert sehr laut und knallt den Hörer auf. Wir fühlen uns gestört und haben ihn zweimal darum gebeten, leiser zu sein.',
      where: 'Großraumbüro, dritter Stock',
      when: 'seit mehreren Wochen',
      behaviours: '',
    },
    triage:
      'Keine Drohung, keine Einschüchterung, kein Hinweis auf Warnverhalten. Mit Einverständnis der Meldenden an die Führungskraft gegeben; Rückmeldung an die Meldenden ist erfolgt.',
  },
  {
    language: 'en',
    site: 'Manchester',
    status: 'rejected',
    title: 'Dark joke in a chat group about deadlines',
    lead: 'okafor',
    report: {
      ago: 37,
      channel: 'portal',
      reporter: null,
      who: 'A colleague in software testing',
      atRisk: 'nobody in particular',
      what: 'In the project chat someone wrote that the next deadline “will be the death of us all” with a picture of a burning bin. I found it in poor taste and was not sure whether it should be reported.',
      where: 'Project chat',
      when: 'last Tuesday',
      behaviours: '',
    },
    triage:
      'A joke about workload without target, intent or grievance. Author spoken to by the line manager, was sorry. Thanked the reporter through the receipt code: reporting was right.',
  },
  {
    language: 'de',
    site: 'Köln',
    status: 'referred',
    title: 'Sorge um eine Kollegin nach einem Trauerfall',
    lead: 'kessler',
    report: {
      ago: 16,
      channel: 'in-person',
      reporter: 'Murat Yildiz, Logistik',
      contact: '0221 4710 377',
      who: 'Eine Kollegin aus der Logistik',
      atRisk: 'sie selbst, vielleicht',
      what: 'Nach dem Tod ihres Vaters spricht sie kaum noch, isst nicht mit uns und weint in den Pausen. Sie hat niemandem etwas getan. Ich weiß nicht, an wen ich mich wenden soll.',
      where: 'Logistikzentrum Köln',
      when: 'seit drei Wochen',
      behaviours: '',
    },
    triage:
      'Kein Fall für das Bedrohungsmanagement. Mit ihrem Einverständnis an die Sozialberatung übergeben; die Kollegin hat dort einen Termin. Frage nach Suizidgedanken wurde offen gestellt und verneint.',
  },
  {
    language: 'en',
    site: 'Bonn',
    status: 'referred',
    title: 'Bullying allegation in the finance team',
    lead: 'okafor',
    report: {
      ago: 29,
      channel: 'portal',
      reporter: null,
      who: 'A senior colleague in finance',
      atRisk: 'a new member of the team',
      what: 'She is left out of meetings and mocked for her accent in front of others. Nobody has threatened her. She has asked me to tell someone.',
      where: 'Finance, Bonn',
      when: 'since September',
      behaviours: '',
    },
    triage:
      'No indication of a threat. Belongs to the complaints procedure under labour law; referred to HR with the reporter’s consent. To come back to us if intimidation is added.',
  },
];
