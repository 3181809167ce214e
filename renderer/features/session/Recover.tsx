import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SessionView } from '../../../shared/contract/views.ts';
import { TmaError } from '../../../shared/errors.ts';
import { client } from '../../app/client.ts';
import { useErrorText } from '../../i18n/errorText.ts';
import { showSession } from '../../state/session.ts';
import { useAction } from '../../state/useAction.ts';
import { useProcedure } from '../../state/useProcedure.ts';
import { Button } from '../../ui/button/Button.tsx';
import { ErrorNote } from '../../ui/feedback/ErrorNote.tsx';
import { Form } from '../../ui/field/Form.tsx';
import { PassphraseField } from '../../ui/field/TextField.tsx';
import { Gate } from './Gate.tsx';
import { Strength } from './Strength.tsx';

interface RecoverProps {
  readonly session: SessionView;
  readonly onBack: () => void;
}

const recover = async (escrowKey: string, newPassphrase: string): Promise<void> =>
  showSession(await client.call('vault.recover', { escrowKey, newPassphrase }));

/** Somebody forgot the passphrase; whoever keeps the organisation's recovery key is sitting beside them. */
export function Recover({ session, onBack }: RecoverProps) {
  const { t } = useTranslation('session');
  const errorText = useErrorText();
  const [key, setKey] = useState('');
  const [wanted, setWanted] = useState('');
  const [repeated, setRepeated] = useState('');
  const [wasSubmitted, setSubmitted] = useState(false);
  const verdict = useProcedure('session.checkPassphrase', { passphrase: wanted }).data;
  const { run, isPending, error } = useAction(recover);
  const problem = verdict?.problem ? errorText(new TmaError(verdict.problem)).title : undefined;
  const mismatch = wanted === repeated ? undefined : t('enrol.mismatch');
  const submit = () => {
    setSubmitted(true);
    if (verdict?.acceptable === true && mismatch === undefined) void run(key, wanted);
  };
  return (
    <Gate session={session} title={t('recover.title')} lead={t('recover.lead')}>
      <Form onSubmit={submit} aria-label={t('recover.title')}>
        <PassphraseField
          label={t('recover.key')}
          value={key}
          onChange={setKey}
          isDisabled={isPending}
          isRequired
          autoFocus
        />
        <PassphraseField
          label={t('enrol.passphrase')}
          value={wanted}
          onChange={setWanted}
          error={wasSubmitted ? problem : undefined}
          autoComplete="new-password"
          isDisabled={isPending}
          isRequired
        />
        <Strength value={verdict?.strength ?? 0} />
        <PassphraseField
          label={t('enrol.repeat')}
          value={repeated}
          onChange={setRepeated}
          error={wasSubmitted ? mismatch : undefined}
          autoComplete="new-password"
          isDisabled={isPending}
          isRequired
        />
        <Button
          type="submit"
          tone="primary"
          size="large"
          wide
          isPending={isPending}
          isDisabled={key.trim() === ''}
        >
          {t(isPending ? 'recover.submitting' : 'recover.submit')}
        </Button>
        <Button tone="quiet" wide onPress={onBack} isDisabled={isPending}>
          {t('recover.back')}
        </Button>
      </Form>
      <ErrorNote error={error} />
    </Gate>
  );
}
