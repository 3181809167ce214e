import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { SyncView } from '../../../shared/contract/syncViews.ts';
import { type ErrorCode, TmaError } from '../../../shared/errors.ts';
import { useErrorText } from '../../i18n/errorText.ts';
import { useFormat } from '../../i18n/useFormat.ts';
import { useSession } from '../../state/session.ts';
import { Note } from '../../ui/feedback/Note.tsx';
import { Quiet } from '../../ui/text/Quiet.tsx';
import { SignIn } from '../session/SignIn.tsx';
import { RestoredNote } from './RestoredNote.tsx';

/** S02: failures that end when the person signs in with the company. */
const endedBySignIn: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'auth.sign-in-required',
  'auth.sign-in-ended',
  'auth.token-invalid',
]);

interface SyncNotesProps {
  readonly sync: SyncView;
  /** What the screen around tells in full is only pointed at elsewhere. */
  readonly isWhole: boolean;
}

/** What a person should know beyond the counts. */
export function SyncNotes({ sync, isWhole }: SyncNotesProps) {
  const { t } = useTranslation('sync');
  const format = useFormat();
  const errorText = useErrorText();
  const session = useSession();
  const failure = sync.error === null ? null : errorText(new TmaError(sync.error));
  return (
    <>
      {!sync.heldOffline && sync.state === 'offline' && (
        <Quiet>{t(sync.error === 'service.unreachable' ? 'continues' : 'disturbed')}</Quiet>
      )}
      {sync.state === 'error' && failure && (
        <Note tone="warn" title={failure.title}>
          {failure.text}
        </Note>
      )}
      {session !== null && !sync.heldOffline && sync.error !== null && endedBySignIn.has(sync.error) && (
        <SignIn progress={session.signIn} label={t('signIn')} size="small" />
      )}
      {sync.nextTryAt !== null && !sync.heldOffline && (
        <Quiet>{t('nextTry', { time: format.time(sync.nextTryAt) })}</Quiet>
      )}
      <RestoredNote restored={sync.restored} />
      {!isWhole && sync.refused > 0 && (
        <Note tone="warn" actions={<Link href="/sync">{t('read')}</Link>}>
          {t('refused', { count: sync.refused })}
        </Note>
      )}
      {!isWhole && sync.refusedToRead > 0 && (
        <Note actions={<Link href="/sync">{t('read')}</Link>}>
          {t('refusedToRead', { count: sync.refusedToRead })}
        </Note>
      )}
      {sync.skewMs !== null && (
        <Note tone="warn">
          {t('skew', {
            span: format.span(Math.abs(sync.skewMs)),
            direction: t(sync.skewMs > 0 ? 'ahead' : 'behind'),
          })}
        </Note>
      )}
    </>
  );
}
