import { useTranslation } from 'react-i18next';
import type { SyncView } from '../../../shared/contract/syncViews.ts';
import { Note } from '../../ui/feedback/Note.tsx';

interface RestoredNoteProps {
  readonly restored: SyncView['restored'];
}

/** The service lost something in a restore: what comes back by itself, and what another laptop has to bring. */
export function RestoredNote({ restored }: RestoredNoteProps) {
  const { t } = useTranslation('sync');
  if (restored === null) return null;
  const { cases, waiting, refused, missing } = restored;
  return (
    <Note title={t('restored.title', { count: cases })}>
      {waiting > 0 && <p>{t('restored.waiting', { count: waiting })}</p>}
      {missing > 0 && <p>{t('restored.missing', { count: missing })}</p>}
      {refused > 0 && <p>{t('restored.refused', { count: refused })}</p>}
      <p>{t('restored.kept')}</p>
    </Note>
  );
}
