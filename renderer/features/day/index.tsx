import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { DayView } from '../../../shared/contract/views.ts';
import { useFormat } from '../../i18n/useFormat.ts';
import { useNowMs } from '../../i18n/useNowMs.ts';
import { useAllRevision, useGlassRevision } from '../../state/revisions.ts';
import { useSession } from '../../state/session.ts';
import { useProcedure } from '../../state/useProcedure.ts';
import { ButtonLink } from '../../ui/button/Button.tsx';
import { ErrorNote } from '../../ui/feedback/ErrorNote.tsx';
import { Skeleton } from '../../ui/feedback/Progress.tsx';
import { Card } from '../../ui/layout/Card.tsx';
import { Columns, Page, Stack } from '../../ui/layout/Page.tsx';
import { PageHeader } from '../../ui/layout/PageHeader.tsx';
import { CheckedOutCard } from '../leases/CheckedOutCard.tsx';
import { EmergencyCard } from '../session/EmergencyCard.tsx';
import { SyncCard } from '../sync/SyncCard.tsx';
import { GlassCard } from './GlassCard.tsx';
import { RecentCard } from './RecentCard.tsx';
import { AheadCard, TasksCard } from './TasksCard.tsx';
import { isDueToday } from './tasks.ts';

/** My day: what waits for me, by when, and what happened last. */
export default function DayScreen() {
  const { t } = useTranslation('day');
  const format = useFormat();
  const nowMs = useNowMs();
  const session = useSession();
  const [noted, setNoted] = useState(0);
  const revision = useAllRevision() + useGlassRevision() + noted;
  const { data, error } = useProcedure('day.get', {}, revision);
  const isOfficer = session?.user?.role === 'dpo';
  const [, navigate] = useLocation();
  return (
    <Page>
      <PageHeader
        title={format.longDay(new Date(nowMs).toISOString())}
        note={data && <Summary counts={data.counts} />}
        actions={
          <ButtonLink href="#/reports/new" tone="primary" kbd="N">
            {t('newReport')}
          </ButtonLink>
        }
      />
      <ErrorNote error={error} />
      <Columns>
        <Stack gap={5}>
          {data ? (
            <>
              {isOfficer && <GlassCard glass={data.glass} onNoted={() => setNoted(noted + 1)} />}
              <TasksCard
                tasks={data.tasks.filter((task) => isDueToday(task, nowMs))}
                isFirstUse={data.recent.length === 0}
                onOpen={(path) => navigate(path)}
              />
              <AheadCard
                tasks={data.tasks.filter((task) => !isDueToday(task, nowMs))}
                onOpen={(path) => navigate(path)}
              />
              <RecentCard entries={data.recent} onOpen={(path) => navigate(path)} />
            </>
          ) : (
            <Card title={t('tasks.title')}>
              <Skeleton lines={6} shape="rows" />
            </Card>
          )}
        </Stack>
        <Stack gap={5}>
          <SyncCard />
          <CheckedOutCard />
          <EmergencyCard contacts={session?.emergency ?? []} />
        </Stack>
      </Columns>
    </Page>
  );
}

function Summary({ counts }: { readonly counts: DayView['counts'] }) {
  const { t } = useTranslation('day');
  if (counts.open === 0) return <>{t('summary.nothing')}</>;
  const open = t('summary.open', { count: counts.open });
  return <>{counts.overdue === 0 ? open : `${open} · ${t('summary.overdue', { count: counts.overdue })}`}</>;
}
