import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { CaseId } from '../../../shared/ids.ts';
import { recordsOf } from '../../state/record.ts';
import { useCaseRevision } from '../../state/revisions.ts';
import { useSession } from '../../state/session.ts';
import { useProcedure } from '../../state/useProcedure.ts';
import { EmptyState } from '../../ui/feedback/EmptyState.tsx';
import { ErrorNote } from '../../ui/feedback/ErrorNote.tsx';
import { Skeleton } from '../../ui/feedback/Progress.tsx';
import { Card } from '../../ui/layout/Card.tsx';
import { Columns, Page, Stack } from '../../ui/layout/Page.tsx';
import { PageHeader } from '../../ui/layout/PageHeader.tsx';
import { Tag } from '../../ui/status/Tag.tsx';
import { EmergencyCard } from '../session/EmergencyCard.tsx';
import { ReportDetail } from './ReportDetail.tsx';
import { TriageForm } from './TriageForm.tsx';

/** One report and the decision about it, side by side. */
export default function ReportScreen({ caseId }: { readonly caseId: CaseId }) {
  const { t } = useTranslation(['reports', 'cases']);
  const { data, error, isLoading } = useProcedure('cases.get', { caseId }, useCaseRevision(caseId));
  const session = useSession();
  const [, navigate] = useLocation();
  const report = data && recordsOf(data, 'report')[0];
  if (isLoading) {
    return (
      <Page>
        <Skeleton lines={8} />
      </Page>
    );
  }
  if (data === null || !report) {
    return (
      <Page>
        <ErrorNote error={error} />
        <EmptyState title={t('cases:notFoundTitle')}>{t('cases:notFoundText')}</EmptyState>
      </Page>
    );
  }
  const { line } = data;
  return (
    <Page>
      <PageHeader
        context={t('cases:header.report', { number: line.number ?? t('cases:numberPending') })}
        title={line.title}
        status={line.emergency && <Tag tone="danger">{t('reports:list.emergency')}</Tag>}
      />
      <Columns layout="even">
        <Stack gap={5}>
          <Card title={t('cases:kind.report')}>
            <ReportDetail view={data} report={report} />
          </Card>
        </Stack>
        <Stack gap={5}>
          <Card title={t('reports:triage.title')}>
            <TriageForm view={data} report={report} onDone={(path) => navigate(path)} />
          </Card>
          {line.emergency && <EmergencyCard contacts={session?.emergency ?? []} />}
        </Stack>
      </Columns>
    </Page>
  );
}
