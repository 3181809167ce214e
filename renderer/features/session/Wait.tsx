import { useTranslation } from 'react-i18next';
import type { SessionView } from '../../../shared/contract/views.ts';
import { Note } from '../../ui/feedback/Note.tsx';
import styles from './session.module.css';
import { clockText, useSecondsUntil } from './useSecondsUntil.ts';

const fullAttempts = 10;

/** What wrong passphrases have led to: a wait that counts down, and how many attempts are left. */
export function Wait({ session }: { readonly session: Pick<SessionView, 'retryAt' | 'attemptsLeft'> }) {
  const { t } = useTranslation('session');
  const seconds = useSecondsUntil(session.retryAt);
  const isCounted = session.attemptsLeft < fullAttempts && session.attemptsLeft > 0;
  if (seconds === 0 && !isCounted) return null;
  return (
    <div className={styles.waiting}>
      {seconds > 0 && (
        <Note tone="warn" title={t('unlock.wait', { time: clockText(seconds) })}>
          {t('unlock.waitHint')}
        </Note>
      )}
      {isCounted && (
        <Note tone="warn" isLive>
          {t('unlock.attempts', { count: session.attemptsLeft })}
        </Note>
      )}
    </div>
  );
}
