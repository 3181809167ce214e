import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SessionView } from '../../../shared/contract/views.ts';
import type { TmaError } from '../../../shared/errors.ts';
import { client } from '../../app/client.ts';
import { useFormat } from '../../i18n/useFormat.ts';
import { showSession } from '../../state/session.ts';
import { useAction } from '../../state/useAction.ts';
import { Button } from '../../ui/button/Button.tsx';
import { ErrorNote } from '../../ui/feedback/ErrorNote.tsx';
import { Note } from '../../ui/feedback/Note.tsx';
import { Form } from '../../ui/field/Form.tsx';
import { PassphraseField } from '../../ui/field/TextField.tsx';
import { Gate } from './Gate.tsx';
import { Recover } from './Recover.tsx';
import { SignIn } from './SignIn.tsx';
import { useSecondsUntil } from './useSecondsUntil.ts';
import { Wait } from './Wait.tsx';

const unlock = async (passphrase: string): Promise<void> =>
  showSession(await client.call('session.unlock', { passphrase }));

/** Opens the vault with the passphrase. */
export function Unlock({ session }: { readonly session: SessionView }) {
  const [isForgotten, setForgotten] = useState(false);
  return isForgotten ? (
    <Recover session={session} onBack={() => setForgotten(false)} />
  ) : (
    <EnterPassphrase session={session} onForgotten={() => setForgotten(true)} />
  );
}

interface EnterPassphraseProps {
  readonly session: SessionView;
  readonly onForgotten: () => void;
}

function EnterPassphrase({ session, onForgotten }: EnterPassphraseProps) {
  const { t } = useTranslation('session');
  const format = useFormat();
  const [passphrase, setPassphrase] = useState('');
  const isWaiting = useSecondsUntil(session.retryAt) > 0;
  const { run, isPending, error } = useAction(unlock);
  const field = useRef<HTMLInputElement>(null);
  // A field that was disabled has lost the focus; the next try starts there.
  useEffect(() => {
    if (!isPending && !isWaiting && error !== null) field.current?.focus();
  }, [isPending, isWaiting, error]);
  const submit = () => {
    const typed = passphrase;
    setPassphrase('');
    void run(typed);
  };
  return (
    <Gate session={session} title="TMA" lead={<DeviceLine session={session} />}>
      {session.notice !== null && <Note tone="info">{t(`notice.${session.notice}`)}</Note>}
      {session.trouble?.type === 'lease-over' && (
        <Note tone="warn">{t('unlock.leaseOver', { since: format.dateTime(session.trouble.since) })}</Note>
      )}
      {session.trouble?.type === 'share-needed' && error?.code !== 'vault.share-needed' && (
        <Note tone="warn">{t('unlock.shareNeeded', { since: format.dateTime(session.trouble.since) })}</Note>
      )}
      <Form onSubmit={submit} aria-label={t('unlock.title')}>
        <PassphraseField
          label={t('unlock.passphrase')}
          value={passphrase}
          onChange={setPassphrase}
          autoComplete="current-password"
          isDisabled={isPending || isWaiting}
          inputRef={field}
          autoFocus
        />
        <Button type="submit" tone="primary" size="large" wide isPending={isPending} isDisabled={isWaiting}>
          {t(isPending ? 'unlock.submitting' : 'unlock.submit')}
        </Button>
      </Form>
      <Refusal error={error} session={session} />
      <Wait session={session} />
      {session.hasEscrow && (
        <Button tone="quiet" wide onPress={onForgotten} isDisabled={isPending}>
          {t('recover.offer')}
        </Button>
      )}
    </Gate>
  );
}

interface RefusalProps {
  readonly error: TmaError | null;
  readonly session: SessionView;
}

function Refusal({ error, session }: RefusalProps) {
  const { t } = useTranslation('session');
  switch (error?.code) {
    case 'vault.wrong-passphrase':
      return (
        <Note tone="danger" isLive>
          {t('unlock.refused')}
        </Note>
      );
    case 'vault.throttled':
      return null;
    case 'auth.sign-in-required':
      return <SignInForShare session={session} />;
    default:
      return <ErrorNote error={error} />;
  }
}

/** S02: the service's part of the key is given out after a recent sign-in only, where the organisation says so. */
function SignInForShare({ session }: { readonly session: SessionView }) {
  const { t } = useTranslation('session');
  const [isSignedIn, setSignedIn] = useState(false);
  if (isSignedIn) return <Note isLive>{t('unlock.signedIn')}</Note>;
  return (
    <>
      <Note tone="warn" isLive>
        {t('unlock.signInFirst')}
      </Note>
      <SignIn progress={session.signIn} label={t('unlock.signIn')} onDone={() => setSignedIn(true)} />
    </>
  );
}

/** `Laptop 17 · gesperrt seit 11:04 · zuletzt abgeglichen heute 09:12` */
function DeviceLine({ session }: { readonly session: SessionView }) {
  const { t } = useTranslation('session');
  const format = useFormat();
  const parts = [
    session.device?.label,
    session.lockedSince && t('unlock.lockedSince', { time: format.time(session.lockedSince) }),
    session.lastSyncAt
      ? t('unlock.lastSync', { time: format.relative(session.lastSyncAt) })
      : t('unlock.neverSynced'),
  ];
  return <>{parts.filter((part) => part !== null && part !== undefined).join(' · ')}</>;
}
