/** Every text of the product in one language; its own chunk, fetched when the language is chosen. */

import assessments from './en/assessments.json';
import cases from './en/cases.json';
import common from './en/common.json';
import conflicts from './en/conflicts.json';
import day from './en/day.json';
import errors from './en/errors.json';
import evidence from './en/evidence.json';
import leases from './en/leases.json';
import measures from './en/measures.json';
import observations from './en/observations.json';
import people from './en/people.json';
import reports from './en/reports.json';
import search from './en/search.json';
import session from './en/session.json';
import settings from './en/settings.json';
import sync from './en/sync.json';

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
