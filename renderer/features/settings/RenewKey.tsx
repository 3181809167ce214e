import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../app/client.ts';
import { showSession } from '../../state/session.ts';
import { useAction } from '../../state/useAction.ts';
import { Button } from '../../ui/button/Button.tsx';
import { ErrorNote } from '../../ui/feedback/ErrorNote.tsx';
import { ProgressBar } from '../../ui/feedback/Progress.tsx';
import { toast } from '../../ui/feedback/toasts.ts';
import { Form, FormActions } from '../../ui/field/Form.tsx';
import { PassphraseField } from '../../ui/field/TextField.tsx';
import { Dialog } from '../../ui/overlay/Dialog.tsx';
import { Quiet } from '../../ui/text/Quiet.tsx';

const rotate = (passphrase: string) => client.call('vault.rotateKey', { passphrase });

/** A new data key: the whole vault is encrypted anew. */
export function RenewKey({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation(['settings', 'common']);
  const [passphrase, setPassphrase] = useState('');
  const { run, isPending, error } = useAction(rotate);
  const submit = async () => {
    const session = await run(passphrase);
    if (session === undefined) return;
    showSession(session);
    toast(t('settings:security.rotated'));
    onClose();
  };
  const close = () => {
    if (!isPending) onClose();
  };
  return (
    <Dialog title={t('settings:security.rotate')} isOpen onClose={close} isModalOnly size="small">
      <Form onSubmit={() => void submit()} aria-label={t('settings:security.rotate')}>
        <Quiet>{t('settings:security.rotateHint')}</Quiet>
        <PassphraseField
          label={t('settings:security.passphrase')}
          value={passphrase}
          onChange={setPassphrase}
          autoComplete="current-password"
          isDisabled={isPending}
          isRequired
          autoFocus
        />
        {isPending && (
          <>
            <ProgressBar label={t('settings:security.rotating')} done={0} total={null} showCounts={false} />
            <Quiet>{t('settings:security.rotatingHint')}</Quiet>
          </>
        )}
        <ErrorNote error={error} />
        <FormActions>
          <Button type="submit" tone="primary" isPending={isPending} isDisabled={passphrase === ''}>
            {t('settings:security.rotate')}
          </Button>
          <Button onPress={close} isDisabled={isPending}>
            {t('common:action.cancel')}
          </Button>
        </FormActions>
      </Form>
    </Dialog>
  );
}
