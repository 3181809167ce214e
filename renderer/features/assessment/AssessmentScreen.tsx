import { useTranslation } from 'react-i18next';
import type { CaseId, RecordId } from '../../../shared/ids.ts';
import type { Instrument } from '../../../shared/instruments/schema.ts';
import { recordsOf, type Typed } from '../../state/record.ts';
import { useCatalogue } from '../../state/reference.ts';
import { useCaseRevision } from '../../state/revisions.ts';
import { useProcedure } from '../../state/useProcedure.ts';
import { EmptyState } from '../../ui/feedback/EmptyState.tsx';
import { ErrorNote } from '../../ui/feedback/ErrorNote.tsx';
import { Skeleton } from '../../ui/feedback/Progress.tsx';
import { Page } from '../../ui/layout/Page.tsx';
import { Rating } from './Rating.tsx';

interface AssessmentScreenProps {
  readonly caseId: CaseId;
  readonly assessmentId: RecordId;
}

/** One assessment with the version of the instrument it was begun with. */
export default function AssessmentScreen({ caseId, assessmentId }: AssessmentScreenProps) {
  const { t } = useTranslation('cases');
  const { data, error, isLoading } = useProcedure('cases.get', { caseId }, useCaseRevision(caseId));
  const catalogue = useCatalogue();
  const assessment = data && recordsOf(data, 'assessment').find(({ id }) => id === assessmentId);
  if (isLoading || catalogue === null) {
    return (
      <Page>
        <Skeleton lines={8} />
      </Page>
    );
  }
  const instrument = assessment && instrumentOf(assessment, catalogue.instruments);
  if (data === null || !assessment || !instrument) {
    return (
      <Page>
        <ErrorNote error={error} />
        <EmptyState title={t('notFoundTitle')}>{t('notFoundText')}</EmptyState>
      </Page>
    );
  }
  return <Rating view={data} assessment={assessment} instrument={instrument} />;
}

function instrumentOf(
  assessment: Typed<'assessment'>,
  instruments: readonly Instrument[],
): Instrument | undefined {
  const { instrument, instrumentVersion } = assessment.values;
  return instruments.find(({ id, version }) => id === instrument && version === instrumentVersion);
}
