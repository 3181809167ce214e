import { useTranslation } from 'react-i18next';
import { useProgress } from '../../state/progress.ts';
import { ProgressBar } from '../../ui/feedback/Progress.tsx';
import type { EvidenceRecord } from './types.ts';

/** How much of a file has reached the service; nothing while it waits for its turn or for a connection. */
export function SendProgress({ evidence }: { readonly evidence: EvidenceRecord }) {
  const { t } = useTranslation('evidence');
  const progress = useProgress('send');
  if (progress?.record !== evidence.id) return null;
  return (
    <ProgressBar label={t('sending')} done={progress.doneBytes} total={progress.totalBytes} unit="bytes" />
  );
}
