import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/procedures.ts';
import type { SessionView } from '../../../shared/contract/views.ts';
import { client } from '../../app/client.ts';
import { useFormat } from '../../i18n/useFormat.ts';
import { useAction } from '../../state/useAction.ts';
import { Button } from '../../ui/button/Button.tsx';
import { ErrorNote } from '../../ui/feedback/ErrorNote.tsx';
import { Form } from '../../ui/field/Form.tsx';
import { TextField } from '../../ui/field/TextField.tsx';
import { ChoosePassphrase } from './ChoosePassphrase.tsx';
import { Gate } from './Gate.tsx';
import { Restore } from './Restore.tsx';
import styles from './session.module.css';

type Invitation = OutputOf<'session.checkCode'>;

const checkCode = (code: string): Promise<Invitation> => client.call('session.checkCode', { code });

/** Makes this laptop one of the company's: a one-time code, then a passphrase. */
export function Enrol({ session }: { readonly session: SessionView }) {
  const { t } = useTranslation('session');
  const [code, setCode] = useState('');
  const [label, setLabel] = useState(() => t('enrol.labelDefault'));
  const [invitation, setInvitation] = useState<Invitation | null>(null);
  const check = useAction(checkCode);
  const [isRestoring, setRestoring] = useState(false);

  if (isRestoring) return <Restore session={session} onBack={() => setRestoring(false)} />;
  if (invitation !== null) {
    return (
      <Gate
        session={session}
        step={t('enrol.stepPassphrase')}
        title={t('enrol.title')}
        lead={t('enrol.passphraseHint')}
      >
        <Account invitation={invitation} />
        <ChoosePassphrase code={code} label={label} onOtherCode={() => setInvitation(null)} />
      </Gate>
    );
  }
  const submit = async () => {
    const answer = await check.run(code.trim());
    if (answer !== undefined) setInvitation(answer);
  };
  return (
    <Gate session={session} step={t('enrol.stepCode')} title={t('enrol.title')} lead={t('enrol.intro')}>
      <Form onSubmit={() => void submit()} aria-label={t('enrol.stepCode')}>
        <TextField
          label={t('enrol.code')}
          help={t('enrol.codeHint')}
          value={code}
          onChange={setCode}
          size="large"
          isRequired
          autoFocus
        />
        <TextField
          label={t('enrol.label')}
          help={t('enrol.labelHint')}
          value={label}
          onChange={setLabel}
          maxLength={80}
          isRequired
        />
        <Button
          type="submit"
          tone="primary"
          size="large"
          wide
          isPending={check.isPending}
          isDisabled={code.trim() === '' || label.trim() === ''}
        >
          {t(check.isPending ? 'enrol.checking' : 'enrol.check')}
        </Button>
      </Form>
      <ErrorNote error={check.error} />
      <Button tone="quiet" wide onPress={() => setRestoring(true)} isDisabled={check.isPending}>
        {t('restore.offer')}
      </Button>
    </Gate>
  );
}

/** For whom the code is: a wrong person notices before anything is set up. */
function Account({ invitation }: { readonly invitation: Invitation }) {
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
        {t('session:enrol.validUntil', { date: format.dateTime(invitation.expiresAt) })}
      </span>
    </section>
  );
}
