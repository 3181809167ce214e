import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { CaseView } from '../../../shared/contract/views.ts';
import type { KindName } from '../../../shared/domain/kinds.ts';
import { type CaseStatus, reportStatuses } from '../../../shared/domain/workflow.ts';
import type { TmaError } from '../../../shared/errors.ts';
import type { CaseId } from '../../../shared/ids.ts';
import { caseRecord, recordsOf } from '../../state/record.ts';
import { useUserName } from '../../state/reference.ts';
import { useCaseRevision } from '../../state/revisions.ts';
import { mayInvite, mayRead } from '../../state/rights.ts';
import { useProcedure } from '../../state/useProcedure.ts';
import { ButtonLink } from '../../ui/button/Button.tsx';
import { EmptyState } from '../../ui/feedback/EmptyState.tsx';
import { ErrorNote } from '../../ui/feedback/ErrorNote.tsx';
import { Skeleton } from '../../ui/feedback/Progress.tsx';
import { Page } from '../../ui/layout/Page.tsx';
import { PageHeader } from '../../ui/layout/PageHeader.tsx';
import { Tabs } from '../../ui/layout/Tabs.tsx';
import { LevelBadge } from '../../ui/status/LevelBadge.tsx';
import { Tag } from '../../ui/status/Tag.tsx';
import { AssessmentsTab } from '../assessment/AssessmentsTab.tsx';
import { EvidenceTab } from '../evidence/EvidenceTab.tsx';
import { LeaseOver } from '../leases/LeaseOver.tsx';
import { LeaseTag } from '../leases/LeaseTag.tsx';
import { LeaseWarning } from '../leases/LeaseWarning.tsx';
import { TakeAlong } from '../leases/TakeAlong.tsx';
import { useLeases } from '../leases/useLeases.ts';
import { MeasuresTab } from '../measures/MeasuresTab.tsx';
import { ObservationsTab } from '../observations/ObservationsTab.tsx';
import { PeopleTab } from '../people/PeopleTab.tsx';
import { RightsNote } from '../team/RightsNote.tsx';
import { HistoryTab } from './HistoryTab.tsx';
import { OverviewTab } from './OverviewTab.tsx';

export const caseTabs = [
  'overview',
  'people',
  'observations',
  'assessments',
  'measures',
  'evidence',
  'history',
] as const;
export type CaseTab = (typeof caseTabs)[number];

interface CaseScreenProps {
  readonly caseId: CaseId;
  readonly tab: CaseTab;
}

/** One case: who, what, how serious, and what is being done. */
export default function CaseScreen({ caseId, tab }: CaseScreenProps) {
  const { t } = useTranslation('cases');
  const [, navigate] = useLocation();
  const leases = useLeases();
  const { data, error, isLoading } = useProcedure('cases.get', { caseId }, useCaseRevision(caseId));
  if (isLoading) {
    return (
      <Page>
        <Skeleton lines={8} />
      </Page>
    );
  }
  // What is no longer here is not shown on, however it was last.
  if (data === null || isGone(error)) {
    return (
      <Page>
        {error?.code === 'lease.over' ? (
          <LeaseOver />
        ) : (
          <>
            <ErrorNote error={error} />
            <EmptyState title={t('notFoundTitle')}>{t('notFoundText')}</EmptyState>
          </>
        )}
      </Page>
    );
  }
  const tabs = caseTabs.filter((id) => isThere(data, id));
  const isNamed = tabs.includes(tab);
  return (
    <Page>
      <CaseHeader view={data} />
      <LeaseWarning leases={leases} />
      <RightsNote view={data} />
      <Tabs
        label={t('tabs.label')}
        items={tabs.map((id) => ({ id, label: t(`tabs.${id}`), count: countIn(data, id) }))}
        selected={isNamed ? tab : 'overview'}
        onSelect={(id) => navigate(id === 'overview' ? `/cases/${caseId}` : `/cases/${caseId}/${id}`)}
      >
        <TabContent view={data} tab={isNamed ? tab : 'overview'} />
      </Tabs>
    </Page>
  );
}

function isGone(error: TmaError | null): boolean {
  return error?.code === 'lease.over' || error?.code === 'case.not-found';
}

/** What an invitation does not name is not there. */
function isThere(view: CaseView, tab: CaseTab): boolean {
  const kind = kindOf[tab];
  return kind === undefined || mayRead(view, kind);
}

const kindOf: Readonly<Partial<Record<CaseTab, KindName>>> = {
  people: 'person',
  observations: 'observation',
  assessments: 'assessment',
  measures: 'measure',
  evidence: 'evidence',
};

function TabContent({ view, tab }: { readonly view: CaseView; readonly tab: CaseTab }) {
  switch (tab) {
    case 'overview':
      return <OverviewTab view={view} />;
    case 'people':
      return <PeopleTab view={view} />;
    case 'observations':
      return <ObservationsTab view={view} />;
    case 'assessments':
      return <AssessmentsTab view={view} />;
    case 'measures':
      return <MeasuresTab view={view} />;
    case 'evidence':
      return <EvidenceTab view={view} />;
    case 'history':
      return <HistoryTab caseId={view.line.id} />;
  }
}

function countIn(view: CaseView, tab: CaseTab): number | undefined {
  switch (tab) {
    case 'people':
      return recordsOf(view, 'person').length;
    case 'observations':
      return recordsOf(view, 'observation').length;
    case 'assessments':
      return recordsOf(view, 'assessment').length;
    case 'measures':
      return recordsOf(view, 'measure').length;
    case 'evidence':
      return recordsOf(view, 'evidence').length;
    default:
      return undefined;
  }
}

/** Number, title, level and status, and the next thing to do; the same on every tab. */
export function CaseHeader({ view }: { readonly view: CaseView }) {
  const { t } = useTranslation(['cases', 'common', 'assessments']);
  const userName = useUserName();
  const leases = useLeases();
  const { line } = view;
  const lease = leases?.leases.find((one) => one.caseId === line.id);
  const lead = userName(line.lead);
  const isReport = reportStatuses.some((status: CaseStatus) => status === line.status);
  const contested = caseRecord(view)?.contested ?? [];
  const context = [
    t(isReport ? 'cases:header.report' : 'cases:header.case', {
      number: line.number ?? t('cases:numberPending'),
    }),
    line.site,
    lead && t('cases:header.lead', { name: lead }),
  ];
  return (
    <PageHeader
      context={context.filter(Boolean).join(' · ')}
      title={line.title}
      status={
        <>
          <LevelBadge
            level={line.level}
            isImminent={line.imminent}
            isContested={contested.includes('level')}
            size="large"
          />
          <Tag>{t(`common:term.caseStatus.${line.status}`)}</Tag>
          {lease && <LeaseTag lease={lease} />}
        </>
      }
      actions={
        <>
          {leases && <TakeAlong caseId={line.id} leases={leases} />}
          {isReport && mayInvite(view) && (
            <ButtonLink href={`#/reports/${line.id}`} tone="primary">
              {t('cases:header.triage')}
            </ButtonLink>
          )}
        </>
      }
    />
  );
}
