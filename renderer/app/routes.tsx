/**
 * Every screen there is, by address. A screen is the default export of its file, loaded when it is first shown,
 * and gets what the address names as props; an address whose ids are none shows "not found". The first match
 * counts.
 */
import { type ComponentType, lazy, type ReactNode } from 'react';
import { caseIdSchema, recordIdSchema } from '../../shared/ids.ts';

/** Entries of the rail. */
export const sections = ['day', 'reports', 'cases', 'conflicts', 'settings'] as const;
export type Section = (typeof sections)[number];

/** Address of each entry of the rail. */
export const sectionPath: Readonly<Record<Section, string>> = {
  day: '/',
  reports: '/reports',
  cases: '/cases',
  conflicts: '/conflicts',
  settings: '/settings',
};

type Params = Readonly<Record<string, string | undefined>>;

export interface AppRoute {
  readonly path: string;
  /** The entry of the rail that is lit. */
  readonly section: Section | null;
  /** The screen, or `null` when the address names nothing. */
  readonly render: (params: Params) => ReactNode;
}

type Load<Props> = () => Promise<{ readonly default: ComponentType<Props> }>;

/** A screen for an address; `read` turns the address into the screen's props, or into `null`. */
function route<Props extends object>(
  path: string,
  section: Section | null,
  { load, read }: { readonly load: Load<Props>; readonly read: (params: Params) => Props | null },
): AppRoute {
  // React's own typing of lazy components does not follow a generic props type.
  const Screen = lazy(load) as unknown as ComponentType<Props>;
  return {
    path,
    section,
    render(params) {
      const props = read(params);
      // Another record is another screen; another tab of a case is not.
      const identity = [params.caseId, params.recordId, params.field].join('/');
      return props && <Screen key={identity} {...props} />;
    },
  };
}

const nothing = (): object => ({});

/** Ids of the address, checked; `null` when one is none. */
function readCase({ caseId }: Params) {
  const id = caseIdSchema.safeParse(caseId);
  return id.success ? { caseId: id.data } : null;
}

function readRecord({ caseId, recordId }: Params) {
  const ofCase = readCase({ caseId });
  const id = recordIdSchema.safeParse(recordId);
  return ofCase && id.success ? { ...ofCase, recordId: id.data } : null;
}

/** A part of the address as it was before it became one: the hash is handed over as it stands there. */
function decoded(part: string | undefined): string | null {
  try {
    return part === undefined ? null : decodeURIComponent(part);
  } catch {
    return null;
  }
}

export const routes: readonly AppRoute[] = [
  route('/', 'day', { load: () => import('../features/day/index.tsx'), read: nothing }),
  route('/reports', 'reports', { load: () => import('../features/reports/index.tsx'), read: nothing }),
  route('/reports/new', 'reports', {
    load: () => import('../features/reports/TakeReport.tsx'),
    read: nothing,
  }),
  route('/reports/:caseId', 'reports', {
    load: () => import('../features/reports/ReportScreen.tsx'),
    read: readCase,
  }),
  route('/cases', 'cases', { load: () => import('../features/cases/index.tsx'), read: nothing }),
  route('/cases/:caseId/assessments/:recordId', 'cases', {
    load: () => import('../features/assessment/AssessmentScreen.tsx'),
    read(params) {
      const ids = readRecord(params);
      return ids && { caseId: ids.caseId, assessmentId: ids.recordId };
    },
  }),
  route('/cases/:caseId/:tab?', 'cases', {
    load: () => import('./CaseRoute.tsx'),
    read({ caseId, tab = 'overview' }) {
      const ofCase = readCase({ caseId });
      return ofCase && { ...ofCase, tab };
    },
  }),
  route('/conflicts', 'conflicts', { load: () => import('../features/conflicts/index.tsx'), read: nothing }),
  route('/conflicts/:caseId/:recordId/:field', 'conflicts', {
    load: () => import('../features/conflicts/ConflictScreen.tsx'),
    read(params) {
      const ids = readRecord(params);
      const field = decoded(params.field);
      return ids && field !== null ? { ...ids, field } : null;
    },
  }),
  route('/sync', null, { load: () => import('../features/sync/index.tsx'), read: nothing }),
  route('/settings', 'settings', { load: () => import('../features/settings/index.tsx'), read: nothing }),
];
