import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import type { ConflictView } from '../../../shared/contract/conflictViews.ts';
import type { CaseId, RecordId } from '../../../shared/ids.ts';
import { removedField } from '../../../shared/sync/change.ts';
import { useShortcut } from '../../app/shortcuts.ts';
import { useCaseRevision } from '../../state/revisions.ts';
import { useProcedure } from '../../state/useProcedure.ts';
import { Button, ButtonLink } from '../../ui/button/Button.tsx';
import { EmptyState } from '../../ui/feedback/EmptyState.tsx';
import { ErrorNote } from '../../ui/feedback/ErrorNote.tsx';
import { Skeleton } from '../../ui/feedback/Progress.tsx';
import { Page, Stack } from '../../ui/layout/Page.tsx';
import { PageHeader } from '../../ui/layout/PageHeader.tsx';
import { LevelBadge } from '../../ui/status/LevelBadge.tsx';
import { useFieldLabel, useKindLabel } from '../cases/labels.ts';
import { Explanation } from './Explanation.tsx';
import { conflictPath } from './paths.ts';
import { RemovalChoice } from './RemovalChoice.tsx';
import { Review } from './Review.tsx';
import { type Queue, useQueue } from './useQueue.ts';

interface ConflictScreenProps {
  readonly caseId: CaseId;
  readonly recordId: RecordId;
  readonly field: string;
}

/** What was written apart, side by side, and the one value that shall hold. */
export default function ConflictScreen({ caseId, recordId, field }: ConflictScreenProps) {
  const { t } = useTranslation('conflicts');
  const [, navigate] = useLocation();
  const place = { caseId, recordId, field };
  const { data, error, isLoading } = useProcedure('conflicts.get', place, useCaseRevision(caseId));
  const queue = useQueue(place);
  const { next, previous } = queue;
  const goOn = () => navigate(next ? conflictPath(next) : '/conflicts');
  useShortcut('J', t('next'), next ? goOn : null);
  useShortcut('K', t('previous'), previous ? () => navigate(conflictPath(previous)) : null);
  if (isLoading) {
    return (
      <Page>
        <Skeleton lines={6} />
      </Page>
    );
  }
  if (data === null) {
    return (
      <Page>
        <ErrorNote error={error} />
        <EmptyState
          title={t('gone')}
          icon="done"
          isPage
          actions={<ButtonLink href="#/conflicts">{t('title')}</ButtonLink>}
        />
      </Page>
    );
  }
  const identity = `${data.settled?.change} ${data.saw.join()}`;
  return (
    <Page>
      <ConflictHeader conflict={data} queue={queue} onGo={(line) => navigate(conflictPath(line))} />
      <Stack gap={5}>
        <Explanation conflict={data} />
        {field === removedField ? (
          <RemovalChoice conflict={data} onDone={goOn} />
        ) : (
          <Review key={identity} conflict={data} onDone={goOn} />
        )}
      </Stack>
    </Page>
  );
}

const longestTitle = 60;

/** An observation has its whole text as its title. */
function shortened(title: string): string {
  if (title.length <= longestTitle) return title;
  const start = title.slice(0, longestTitle);
  return `${start.slice(0, Math.max(start.lastIndexOf(' '), 1))} …`;
}

interface ConflictHeaderProps {
  readonly conflict: ConflictView;
  readonly queue: Queue;
  readonly onGo: (line: NonNullable<Queue['next']>) => void;
}

function ConflictHeader({ conflict, queue, onGo }: ConflictHeaderProps) {
  const { t } = useTranslation(['conflicts', 'cases']);
  const fieldLabel = useFieldLabel();
  const kindLabel = useKindLabel();
  const { caseId, number, caseTitle, kind, recordTitle, field, versions } = conflict;
  const { next, previous, at, inCase, all } = queue;
  const title =
    field === removedField
      ? t('conflicts:headingRemoved')
      : versions.length === 2
        ? t('conflicts:heading', { field: fieldLabel(field) })
        : t('conflicts:headingMany', { field: fieldLabel(field), count: versions.length });
  return (
    <PageHeader
      context={
        <>
          <Link href={`/cases/${caseId}`}>
            {t('cases:header.case', { number: number ?? t('cases:numberPending') })} · {caseTitle}
          </Link>
          {` · ${kindLabel(kind)}`}
          {recordTitle && ` · ${shortened(recordTitle)}`}
        </>
      }
      title={title}
      note={
        at !== null &&
        all > 1 && (
          <>
            {inCase > 1 && t('conflicts:place', { at, count: inCase })}
            {inCase > 1 && all > inCase && ' · '}
            {all > inCase && t('conflicts:placeOfAll', { count: all })}
          </>
        )
      }
      status={<LevelBadge level={conflict.level} />}
      actions={
        <>
          {previous && (
            <Button tone="quiet" kbd="K" onPress={() => onGo(previous)}>
              {t('conflicts:previous')}
            </Button>
          )}
          {next && (
            <Button tone="quiet" kbd="J" onPress={() => onGo(next)}>
              {t('conflicts:next')}
            </Button>
          )}
        </>
      }
    />
  );
}
