import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import type { ConflictView } from '../../../shared/contract/views.ts';
import type { CaseId, RecordId } from '../../../shared/ids.ts';
import { removedField } from '../../../shared/sync/change.ts';
import { useShortcut } from '../../app/shortcuts.ts';
import { useAllRevision, useCaseRevision } from '../../state/revisions.ts';
import { useProcedure } from '../../state/useProcedure.ts';
import { Button, ButtonLink } from '../../ui/button/Button.tsx';
import { EmptyState } from '../../ui/feedback/EmptyState.tsx';
import { ErrorNote } from '../../ui/feedback/ErrorNote.tsx';
import { Skeleton } from '../../ui/feedback/Progress.tsx';
import { Page } from '../../ui/layout/Page.tsx';
import { PageHeader } from '../../ui/layout/PageHeader.tsx';
import { LevelBadge } from '../../ui/status/LevelBadge.tsx';
import { Quiet } from '../../ui/text/Quiet.tsx';
import { useFieldLabel, useKindLabel } from '../cases/labels.ts';
import { conflictPath } from './paths.ts';
import { RemovalChoice } from './RemovalChoice.tsx';
import { Review } from './Review.tsx';

interface ConflictScreenProps {
  readonly caseId: CaseId;
  readonly recordId: RecordId;
  readonly field: string;
}

/** What was written apart, side by side, and the one value that shall hold. */
export default function ConflictScreen({ caseId, recordId, field }: ConflictScreenProps) {
  const { t } = useTranslation('conflicts');
  const [, navigate] = useLocation();
  const { data, error, isLoading } = useProcedure(
    'conflicts.get',
    { caseId, recordId, field },
    useCaseRevision(caseId),
  );
  const others = useProcedure('conflicts.list', {}, useAllRevision()).data?.lines ?? [];
  const next = others.find((line) => conflictPath(line) !== conflictPath({ caseId, recordId, field }));
  const goOn = () => navigate(next ? conflictPath(next) : '/conflicts');
  useShortcut('J', t('next'), next ? goOn : null);
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
          actions={<ButtonLink href="#/conflicts">{t('title')}</ButtonLink>}
        />
      </Page>
    );
  }
  const isRemoval = field === removedField;
  return (
    <Page>
      <ConflictHeader
        conflict={data}
        actions={
          next && (
            <Button tone="quiet" kbd="J" onPress={goOn}>
              {t('next')}
            </Button>
          )
        }
      />
      <p>
        <Quiet>{t(isRemoval ? 'explainRemoved' : 'explain')}</Quiet>
      </p>
      {isRemoval ? (
        <RemovalChoice conflict={data} onDone={goOn} />
      ) : (
        <Review key={data.saw.join()} conflict={data} onDone={goOn} />
      )}
    </Page>
  );
}

interface ConflictHeaderProps {
  readonly conflict: ConflictView;
  readonly actions: React.ReactNode;
}

function ConflictHeader({ conflict, actions }: ConflictHeaderProps) {
  const { t } = useTranslation(['conflicts', 'cases']);
  const fieldLabel = useFieldLabel();
  const kindLabel = useKindLabel();
  const { caseId, number, caseTitle, kind, recordTitle, field, versions } = conflict;
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
          {recordTitle && ` · ${recordTitle}`}
        </>
      }
      title={title}
      status={<LevelBadge level={conflict.level} />}
      actions={actions}
    />
  );
}
