import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Invitation, SessionView } from '../../../shared/contract/views.ts';
import { client } from '../../app/client.ts';
import { useFormat } from '../../i18n/useFormat.ts';
import { useAction } from '../../state/useAction.ts';
import { useProcedure } from '../../state/useProcedure.ts';
import { Button } from '../../ui/button/Button.tsx';
import { ErrorNote } from '../../ui/feedback/ErrorNote.tsx';
import { Form } from '../../ui/field/Form.tsx';
import { TextField } from '../../ui/field/TextField.tsx';
import { Quiet } from '../../ui/text/Quiet.tsx';
import { ChoosePassphrase } from './ChoosePassphrase.tsx';
import { Gate } from './Gate.tsx';
import { Restore } from './Restore.tsx';
import { SignIn } from './SignIn.tsx';
import styles from './session.module.css';

const checkCode = (code: string): Promise<Invitation> => client.call('session.checkCode', { code });

/** Makes this laptop one of the company's: a one-time code, a sign-in or both, then a passphrase. */
export function Enrol({ session }: { readonly session: SessionView }) {
  const { t } = useTranslation('session');
  const [code, setCode] = useState('');
  const [label, setLabel] = useState(() => t('enrol.labelDefault'));
  const [invitation, setInvitation] = useState<Invitation | null>(null);
  const [isSignedIn, setSignedIn] = useState(false);
  const [isRestoring, setRestoring] = useState(false);
  const check = useAction(checkCode);
  const offer = useProcedure('session.offer', {}).data?.offer ?? null;
  const offersSignIn = offer?.enrolBy === 'sign-in' || offer?.enrolBy === 'either';
  const needsCode = offer?.enrolBy !== 'sign-in';

  if (isRestoring) return <Restore session={session} onBack={() => setRestoring(false)} />;
  if (invitation?.needsSignIn === true) {
    return (
      <Gate
        session={session}
        step={t('enrol.stepCode')}
        title={t('enrol.title')}
        lead={t('enrol.alsoSignIn')}
      >
        <Account invitation={invitation} isSignedIn={false} />
        <SignIn
          progress={session.signIn}
          label={t('signIn.beginAs', { name: invitation.user.name })}
          onDone={() => setInvitation({ ...invitation, needsSignIn: false })}
        />
        <Button tone="quiet" wide onPress={() => setInvitation(null)} isDisabled={session.signIn !== null}>
          {t('enrol.otherCode')}
        </Button>
      </Gate>
    );
  }
  if (invitation !== null) {
    return (
      <Gate
        session={session}
        step={t('enrol.stepPassphrase')}
        title={t('enrol.title')}
        lead={t('enrol.passphraseHint')}
      >
        <Account invitation={invitation} isSignedIn={isSignedIn} />
        <ChoosePassphrase
          code={isSignedIn ? null : code}
          label={label}
          onOtherCode={() => setInvitation(null)}
        />
      </Gate>
    );
  }
  const submit = async () => {
    const answer = await check.run(code.trim());
    if (answer === undefined) return;
    setSignedIn(false);
    setInvitation(answer);
  };
  const signedIn = (answer: Invitation | null) => {
    setSignedIn(true);
    setInvitation(answer);
  };
  const labelField = (
    <TextField
      label={t('enrol.label')}
      help={t('enrol.labelHint')}
      value={label}
      onChange={setLabel}
      maxLength={80}
      isRequired
    />
  );
  return (
    <Gate
      session={session}
      step={t(offersSignIn ? 'enrol.stepSignIn' : 'enrol.stepCode')}
      title={t('enrol.title')}
      lead={t(offersSignIn ? 'enrol.introSignIn' : 'enrol.intro')}
    >
      {offersSignIn && (
        <>
          {labelField}
          <SignIn
            progress={session.signIn}
            label={t('signIn.beginWith', { organisation: offer.organisation })}
            isDisabled={label.trim() === ''}
            onDone={signedIn}
          />
        </>
      )}
      {offersSignIn && needsCode && <Quiet>{t('enrol.orCode')}</Quiet>}
      {needsCode && (
        <Form onSubmit={() => void submit()} aria-label={t('enrol.stepCode')}>
          <TextField
            label={t('enrol.code')}
            help={t('enrol.codeHint')}
            value={code}
            onChange={setCode}
            size="large"
            isRequired
            autoFocus={!offersSignIn}
          />
          {!offersSignIn && labelField}
          <Button
            type="submit"
            tone={offersSignIn ? 'normal' : 'primary'}
            size="large"
            wide
            isPending={check.isPending}
            isDisabled={code.trim() === '' || label.trim() === ''}
          >
            {t(check.isPending ? 'enrol.checking' : 'enrol.check')}
          </Button>
        </Form>
      )}
      <ErrorNote error={check.error} />
      <Button
        tone="quiet"
        wide
        onPress={() => setRestoring(true)}
        isDisabled={check.isPending || session.signIn !== null}
      >
        {t('restore.offer')}
      </Button>
    </Gate>
  );
}

interface AccountProps {
  readonly invitation: Invitation;
  readonly isSignedIn: boolean;
}

/** Whose laptop it is going to be: a wrong person notices before anything is set up. */
function Account({ invitation, isSignedIn }: AccountProps) {
  const { t } = useTranslation(['session', 'common']);
  const format = useFormat();
  return (
    <section className={styles.account}>
      <b>{t('session:enrol.welcome', { name: invitation.user.name })}</b>
      <span>
        {t('session:enrol.account', {
          tenant: invitation.tenant.name,
          role: t(`common:term.orgRole.${invitation.user.role}`),
        })}
      </span>
      <span className={styles.step}>
        {t(isSignedIn ? 'session:enrol.signInUntil' : 'session:enrol.validUntil', {
          date: format.dateTime(invitation.expiresAt),
        })}
      </span>
    </section>
  );
}
