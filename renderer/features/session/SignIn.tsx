import { useTranslation } from 'react-i18next';
import type { Invitation, SessionView } from '../../../shared/contract/views.ts';
import { client } from '../../app/client.ts';
import { useFormat } from '../../i18n/useFormat.ts';
import { useAction } from '../../state/useAction.ts';
import { Button } from '../../ui/button/Button.tsx';
import { ErrorNote } from '../../ui/feedback/ErrorNote.tsx';
import { Note } from '../../ui/feedback/Note.tsx';
import { Stack } from '../../ui/layout/Page.tsx';

interface SignInProps {
  /** What is under way, told by the session. */
  readonly progress: SessionView['signIn'];
  readonly label: string;
  /** In a gate it is the one thing to do; beside other things it is not. */
  readonly size?: 'large' | 'small';
  readonly isDisabled?: boolean;
  /** Whose laptop it is going to be, for one that is set up. */
  readonly onDone?: (invitation: Invitation | null) => void;
}

const begin = async (): Promise<Invitation | null> => (await client.call('session.signIn', {})).invitation;
const cancel = async (): Promise<void> => {
  await client.call('session.cancelSignIn', {});
};

/** S02: signing in with the organisation, which happens in the browser; here is what is waited for, and the way out. */
export function SignIn({ progress, label, size = 'large', isDisabled = false, onDone }: SignInProps) {
  const { t } = useTranslation(['session', 'common']);
  const format = useFormat();
  const { run, isPending, error } = useAction(begin);
  const cancelling = useAction(cancel);
  const press = async () => {
    const invitation = await run();
    if (invitation !== undefined) onDone?.(invitation);
  };
  const isPlain = size === 'large';
  return (
    <Stack gap={3}>
      <Button
        tone={isPlain ? 'primary' : 'normal'}
        size={isPlain ? 'large' : 'small'}
        wide={isPlain}
        onPress={() => void press()}
        isPending={isPending}
        isDisabled={isDisabled}
      >
        {label}
      </Button>
      {isPending && (
        <Note
          isLive
          actions={
            <Button size="small" onPress={() => void cancelling.run()} isPending={cancelling.isPending}>
              {t('common:action.cancel')}
            </Button>
          }
        >
          {t(`session:signIn.${progress?.state ?? 'starting'}`)}
          {progress?.until && <> {t('session:signIn.until', { time: format.time(progress.until) })}</>}
          {progress?.address && (
            <>
              {' '}
              <a href={progress.address} target="_blank" rel="noreferrer">
                {t('session:signIn.open')}
              </a>
            </>
          )}
        </Note>
      )}
      <ErrorNote error={error} />
    </Stack>
  );
}
