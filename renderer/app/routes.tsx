/**
 * Every screen there is, by address. A screen is the default export of its file, loaded when it is first shown,
 * and gets what the address names as props; an address whose ids are none shows "not found". The first match
 * counts.
 */
import { type ComponentType, type LazyExoticComponent, lazy, type ReactNode } from 'react';
import { type CaseId, caseIdSchema } from '../../shared/ids.ts';

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

function plain(path: string, section: Section | null, Screen: LazyExoticComponent<ComponentType>): AppRoute {
  return { path, section, render: () => <Screen /> };
}

function ofCase(
  path: string,
  section: Section,
  Screen: LazyExoticComponent<ComponentType<{ caseId: CaseId }>>,
): AppRoute {
  return {
    path,
    section,
    render({ caseId }) {
      const id = caseIdSchema.safeParse(caseId);
      return id.success ? <Screen key={id.data} caseId={id.data} /> : null;
    },
  };
}

export const routes: readonly AppRoute[] = [
  plain(
    '/',
    'day',
    lazy(() => import('../features/day/index.tsx')),
  ),
  plain(
    '/reports',
    'reports',
    lazy(() => import('../features/reports/index.tsx')),
  ),
  plain(
    '/reports/new',
    'reports',
    lazy(() => import('../features/reports/TakeReport.tsx')),
  ),
  ofCase(
    '/reports/:caseId',
    'reports',
    lazy(() => import('../features/reports/ReportScreen.tsx')),
  ),
  plain(
    '/sync',
    null,
    lazy(() => import('../features/sync/index.tsx')),
  ),
  plain(
    '/settings',
    'settings',
    lazy(() => import('../features/settings/index.tsx')),
  ),
];
