import { useTranslation } from 'react-i18next';
import { client } from '../../app/client.ts';
import { useProgress } from '../../state/progress.ts';
import { useAction } from '../../state/useAction.ts';
import { Button } from '../../ui/button/Button.tsx';
import { ErrorNote } from '../../ui/feedback/ErrorNote.tsx';
import { Note } from '../../ui/feedback/Note.tsx';
import { ProgressBar } from '../../ui/feedback/Progress.tsx';
import type { EvidenceRecord } from './types.ts';

const fetchFile = ({ caseId, id }: EvidenceRecord) => client.call('evidence.fetch', { caseId, recordId: id });

/** The file is elsewhere; brings it here when somebody wants it. */
export function FetchFile({ evidence }: { readonly evidence: EvidenceRecord }) {
  const { t } = useTranslation('evidence');
  const progress = useProgress('fetch');
  const { run, isPending, error } = useAction(fetchFile);
  return (
    <>
      <Note
        actions={
          <Button onPress={() => void run(evidence)} isPending={isPending}>
            {t('fetch')}
          </Button>
        }
      >
        {t('notHere')}
      </Note>
      {isPending && (
        <ProgressBar
          label={t('fetching')}
          done={progress?.doneBytes ?? 0}
          total={progress?.totalBytes ?? null}
          unit="bytes"
        />
      )}
      <ErrorNote error={error} />
    </>
  );
}
