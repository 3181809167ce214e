import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TmaError } from '../../../shared/errors.ts';
import { maxPassphraseLength, minPassphraseLength } from '../../../shared/passphrase.ts';
import { client } from '../../app/client.ts';
import { useErrorText } from '../../i18n/errorText.ts';
import { showSession } from '../../state/session.ts';
import { useAction } from '../../state/useAction.ts';
import { useProcedure } from '../../state/useProcedure.ts';
import { Button } from '../../ui/button/Button.tsx';
import { ErrorNote } from '../../ui/feedback/ErrorNote.tsx';
import { Note } from '../../ui/feedback/Note.tsx';
import { Form } from '../../ui/field/Form.tsx';
import { PassphraseField } from '../../ui/field/TextField.tsx';
import { Strength } from './Strength.tsx';

interface ChoosePassphraseProps {
  /** Null where a sign-in stands in for it. */
  readonly code: string | null;
  readonly label: string;
  readonly onOtherCode: () => void;
}

interface Enrolment {
  readonly code?: string;
  readonly label: string;
  readonly passphrase: string;
}

const bounds = { min: minPassphraseLength, max: maxPassphraseLength };

const enrol = async (enrolment: Enrolment): Promise<void> =>
  showSession(await client.call('session.enrol', enrolment));

/** The passphrase, twice, with an honest word about its strength; then the laptop is set up. */
export function ChoosePassphrase({ code, label, onOtherCode }: ChoosePassphraseProps) {
  const { t } = useTranslation('session');
  const errorText = useErrorText();
  const [passphrase, setPassphrase] = useState('');
  const [repeated, setRepeated] = useState('');
  const [wasSubmitted, setSubmitted] = useState(false);
  const verdict = useProcedure('session.checkPassphrase', { passphrase }).data;
  const { run, isPending, error } = useAction(enrol);

  const problem = verdict?.problem ? errorText(new TmaError(verdict.problem, bounds)).text : undefined;
  const mismatch = passphrase === repeated ? undefined : t('enrol.mismatch');
  const submit = () => {
    setSubmitted(true);
    // Whoever is quicker than the verdict gets it from the enrolment itself.
    if (verdict?.acceptable !== false && mismatch === undefined)
      void run({ ...(code !== null && { code: code.trim() }), label: label.trim(), passphrase });
  };
  return (
    <>
      <Form onSubmit={submit} aria-label={t('enrol.stepPassphrase')}>
        <PassphraseField
          label={t('enrol.passphrase')}
          value={passphrase}
          onChange={setPassphrase}
          error={wasSubmitted ? problem : undefined}
          autoComplete="new-password"
          isDisabled={isPending}
          isRequired
          autoFocus
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
        <Button type="submit" tone="primary" size="large" wide isPending={isPending}>
          {t(isPending ? 'enrol.finishing' : 'enrol.finish')}
        </Button>
        <Button tone="quiet" wide onPress={onOtherCode} isDisabled={isPending}>
          {t(code === null ? 'enrol.back' : 'enrol.otherCode')}
        </Button>
      </Form>
      {isPending && (
        <Note tone="info" isLive>
          {t('enrol.finishingHint')}
        </Note>
      )}
      <ErrorNote error={error} />
    </>
  );
}
