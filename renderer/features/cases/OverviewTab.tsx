import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { CaseView } from '../../../shared/contract/views.ts';
import { caseRecord, recordsOf } from '../../state/record.ts';
import { mayRead } from '../../state/rights.ts';
import { useSession } from '../../state/session.ts';
import { EmptyState } from '../../ui/feedback/EmptyState.tsx';
import { Card } from '../../ui/layout/Card.tsx';
import { Columns, Stack } from '../../ui/layout/Page.tsx';
import { LevelBadge } from '../../ui/status/LevelBadge.tsx';
import { KindTag, PersonChip } from '../../ui/status/Tag.tsx';
import { DateTime, DueDate } from '../../ui/text/DateTime.tsx';
import { Quiet } from '../../ui/text/Quiet.tsx';
import { useMeasureTitle } from '../measures/useMeasureTitle.ts';
import { ReportDetail } from '../reports/ReportDetail.tsx';
import { EmergencyCard } from '../session/EmergencyCard.tsx';
import { GlassCard } from '../team/GlassCard.tsx';
import { TeamCard } from '../team/TeamCard.tsx';
import { CaseState } from './CaseState.tsx';
import styles from './cases.module.css';
import { NotesCard } from './NotesCard.tsx';

const latestCount = 4;

/** The case at a glance. */
export function OverviewTab({ view }: { readonly view: CaseView }) {
  const session = useSession();
  const report = recordsOf(view, 'report')[0];
  const { t } = useTranslation('cases');
  return (
    <Columns>
      <Stack gap={5}>
        <LevelCard view={view} />
        {mayRead(view, 'observation') && <LatestObservations view={view} />}
        {report && (
          <Card title={t('overview.report')}>
            <ReportDetail view={view} report={report} />
          </Card>
        )}
        {mayRead(view, 'note') && <NotesCard view={view} />}
      </Stack>
      <Stack gap={5}>
        {view.line.imminent && <EmergencyCard contacts={session?.emergency ?? []} />}
        <CaseState view={view} />
        {mayRead(view, 'person') && <PeopleCard view={view} />}
        {mayRead(view, 'measure') && <MeasuresCard view={view} />}
        <GlassCard view={view} />
        <TeamCard view={view} />
      </Stack>
    </Columns>
  );
}

function LevelCard({ view }: { readonly view: CaseView }) {
  const { t } = useTranslation('cases');
  const values = caseRecord(view)?.values;
  const { line } = view;
  if (line.level === null) {
    return (
      <Card title={t('overview.level')}>
        <EmptyState title={t('header.noLevel')}>{t('overview.noAssessment')}</EmptyState>
      </Card>
    );
  }
  return (
    <Card title={t('overview.level')} actions={<LevelBadge level={line.level} isImminent={line.imminent} />}>
      <Stack gap={2}>
        <p className={styles.rationale}>{values?.levelRationale}</p>
        <Quiet>
          {values?.levelSince && (
            <>
              <DateTime value={values.levelSince} />
              {' · '}
            </>
          )}
          {line.reassessBy && (
            <>
              {t('list.due')} <DueDate value={line.reassessBy} />
            </>
          )}
        </Quiet>
      </Stack>
    </Card>
  );
}

function LatestObservations({ view }: { readonly view: CaseView }) {
  const { t } = useTranslation(['cases', 'observations']);
  const latest = recordsOf(view, 'observation').toReversed().slice(0, latestCount);
  return (
    <Card
      title={t('cases:overview.latest')}
      actions={<Link href={`/cases/${view.line.id}/observations`}>{t('cases:tabs.observations')}</Link>}
    >
      {latest.length === 0 ? (
        <EmptyState title={t('observations:emptyTitle')}>{t('observations:emptyText')}</EmptyState>
      ) : (
        <Stack gap={3}>
          {latest.map(({ id, values }) => (
            <div key={id}>
              {values.nature && <KindTag nature={values.nature} />}{' '}
              <Quiet>
                {values.occurredNote ?? (values.occurredAt && <DateTime value={values.occurredAt} />)}
              </Quiet>
              <p>{values.text}</p>
            </div>
          ))}
        </Stack>
      )}
    </Card>
  );
}

function PeopleCard({ view }: { readonly view: CaseView }) {
  const { t } = useTranslation(['cases', 'common', 'people']);
  const people = recordsOf(view, 'person');
  return (
    <Card
      title={t('cases:overview.people')}
      actions={<Link href={`/cases/${view.line.id}/people`}>{t('cases:tabs.people')}</Link>}
    >
      {people.length === 0 ? (
        <Quiet>{t('people:emptyText')}</Quiet>
      ) : (
        <Stack gap={2}>
          {people.map(({ id, values }) => (
            <PersonChip
              key={id}
              name={values.name ?? '–'}
              {...(values.role && { part: t(`common:term.personRole.${values.role}`) })}
            />
          ))}
        </Stack>
      )}
    </Card>
  );
}

function MeasuresCard({ view }: { readonly view: CaseView }) {
  const { t } = useTranslation(['cases', 'common', 'measures']);
  const measureTitle = useMeasureTitle();
  const open = recordsOf(view, 'measure')
    .filter(({ values }) => values.status !== 'done' && values.status !== 'cancelled')
    .toSorted((a, b) => (a.values.due ?? '9').localeCompare(b.values.due ?? '9'));
  return (
    <Card
      title={t('cases:overview.measures')}
      actions={<Link href={`/cases/${view.line.id}/measures`}>{t('cases:tabs.measures')}</Link>}
    >
      {open.length === 0 ? (
        <Quiet>{t('measures:emptyText')}</Quiet>
      ) : (
        <Stack gap={2}>
          {open.map(({ id, values }) => (
            <div key={id} className={styles.measure}>
              <span>{measureTitle(values.code, values.title)}</span>
              <DueDate value={values.due ?? null} />
            </div>
          ))}
        </Stack>
      )}
    </Card>
  );
}
