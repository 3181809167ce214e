/** Every text of the product in one language; its own chunk, fetched when the language is chosen. */

import assessments from './de/assessments.json';
import cases from './de/cases.json';
import common from './de/common.json';
import conflicts from './de/conflicts.json';
import day from './de/day.json';
import errors from './de/errors.json';
import evidence from './de/evidence.json';
import leases from './de/leases.json';
import measures from './de/measures.json';
import observations from './de/observations.json';
import people from './de/people.json';
import reports from './de/reports.json';
import search from './de/search.json';
import session from './de/session.json';
import settings from './de/settings.json';
import sync from './de/sync.json';

export const catalogue = {
  common,
  errors,
  session,
  day,
  reports,
  cases,
  people,
  observations,
  assessments,
  leases,
  measures,
  evidence,
  conflicts,
  sync,
  settings,
  search,
};
