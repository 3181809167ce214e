import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TmaError } from '../../../shared/errors.ts';
import { client } from '../../app/client.ts';
import { useErrorText } from '../../i18n/errorText.ts';
import { useAction } from '../../state/useAction.ts';
import { useProcedure } from '../../state/useProcedure.ts';
import { Button } from '../../ui/button/Button.tsx';
import { ErrorNote } from '../../ui/feedback/ErrorNote.tsx';
import { toast } from '../../ui/feedback/toasts.ts';
import { Form, FormActions } from '../../ui/field/Form.tsx';
import { PassphraseField } from '../../ui/field/TextField.tsx';
import { Dialog } from '../../ui/overlay/Dialog.tsx';
import { Strength } from '../session/Strength.tsx';

const change = (passphrase: string, newPassphrase: string) =>
  client.call('vault.changePassphrase', { passphrase, newPassphrase });

/** Another passphrase for the same vault. */
export function NewPassphrase({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation(['settings', 'common']);
  const errorText = useErrorText();
  const [current, setCurrent] = useState('');
  const [wanted, setWanted] = useState('');
  const [repeated, setRepeated] = useState('');
  const [wasSubmitted, setSubmitted] = useState(false);
  const verdict = useProcedure('session.checkPassphrase', { passphrase: wanted }).data;
  const { run, isPending, error } = useAction(change);
  const problem = verdict?.problem ? errorText(new TmaError(verdict.problem)).title : undefined;
  const mismatch = wanted === repeated ? undefined : t('settings:security.mismatch');
  const submit = async () => {
    setSubmitted(true);
    if (verdict?.acceptable !== true || mismatch !== undefined) return;
    if ((await run(current, wanted)) === undefined) return;
    toast(t('settings:security.changed'));
    onClose();
  };
  return (
    <Dialog title={t('settings:security.change')} isOpen onClose={onClose} isModalOnly size="small">
      <Form onSubmit={() => void submit()} aria-label={t('settings:security.change')}>
        <PassphraseField
          label={t('settings:security.current')}
          value={current}
          onChange={setCurrent}
          autoComplete="current-password"
          isDisabled={isPending}
          isRequired
          autoFocus
        />
        <PassphraseField
          label={t('settings:security.new')}
          value={wanted}
          onChange={setWanted}
          error={wasSubmitted ? problem : undefined}
          autoComplete="new-password"
          isDisabled={isPending}
          isRequired
        />
        <Strength value={verdict?.strength ?? 0} />
        <PassphraseField
          label={t('settings:security.repeat')}
          value={repeated}
          onChange={setRepeated}
          error={wasSubmitted ? mismatch : undefined}
          autoComplete="new-password"
          isDisabled={isPending}
          isRequired
        />
        <ErrorNote error={error} />
        <FormActions>
          <Button type="submit" tone="primary" isPending={isPending} isDisabled={current === ''}>
            {t(isPending ? 'settings:security.changing' : 'settings:security.change')}
          </Button>
          <Button onPress={onClose} isDisabled={isPending}>
            {t('common:action.cancel')}
          </Button>
        </FormActions>
      </Form>
    </Dialog>
  );
}
