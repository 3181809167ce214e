import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../app/client.ts';
import { useFormat } from '../../i18n/useFormat.ts';
import { useProgress } from '../../state/progress.ts';
import { useSession } from '../../state/session.ts';
import { useAction } from '../../state/useAction.ts';
import { Button } from '../../ui/button/Button.tsx';
import { ErrorNote } from '../../ui/feedback/ErrorNote.tsx';
import { Note } from '../../ui/feedback/Note.tsx';
import { ProgressBar } from '../../ui/feedback/Progress.tsx';
import { Form, FormActions } from '../../ui/field/Form.tsx';
import { PassphraseField } from '../../ui/field/TextField.tsx';
import { Card } from '../../ui/layout/Card.tsx';
import { Stack } from '../../ui/layout/Page.tsx';
import { Dialog } from '../../ui/overlay/Dialog.tsx';
import { Quiet } from '../../ui/text/Quiet.tsx';

interface Saved {
  readonly sizeBytes: number;
  readonly files: number;
}

const backUp = (passphrase: string) => client.call('vault.backUp', { passphrase });

/** Everything on this laptop in one encrypted file. */
export function Backup() {
  const { t } = useTranslation('settings');
  const format = useFormat();
  const [isOpen, setOpen] = useState(false);
  const [saved, setSaved] = useState<Saved | null>(null);
  return (
    <Card title={t('backup.title')}>
      <Stack>
        <Quiet>{t('backup.text')}</Quiet>
        {saved !== null && (
          <Note tone="ok" isLive>
            {t('backup.saved', { size: format.bytes(saved.sizeBytes), count: saved.files })}
          </Note>
        )}
        <FormActions>
          <Button onPress={() => setOpen(true)}>{t('backup.make')}</Button>
        </FormActions>
      </Stack>
      {isOpen && <WriteBackup onSaved={setSaved} onClose={() => setOpen(false)} />}
    </Card>
  );
}

interface WriteBackupProps {
  readonly onSaved: (saved: Saved) => void;
  readonly onClose: () => void;
}

function WriteBackup({ onSaved, onClose }: WriteBackupProps) {
  const { t } = useTranslation(['settings', 'common']);
  const [passphrase, setPassphrase] = useState('');
  const isWriting = useSession()?.work === 'backing-up';
  const progress = useProgress('backup');
  const { run, isPending, error } = useAction(backUp);
  const submit = async () => {
    const answer = await run(passphrase);
    if (answer === undefined) return;
    if (answer.saved !== null) onSaved(answer.saved);
    onClose();
  };
  const close = () => {
    if (!isPending) onClose();
  };
  return (
    <Dialog title={t('settings:backup.make')} isOpen onClose={close} isModalOnly size="small">
      <Form onSubmit={() => void submit()} aria-label={t('settings:backup.make')}>
        <Quiet>{t('settings:backup.hint')}</Quiet>
        <PassphraseField
          label={t('settings:security.passphrase')}
          value={passphrase}
          onChange={setPassphrase}
          autoComplete="current-password"
          isDisabled={isPending}
          isRequired
          autoFocus
        />
        {isPending && !isWriting && <Quiet>{t('settings:backup.choosing')}</Quiet>}
        {isWriting && (
          <ProgressBar
            label={t('settings:backup.writing')}
            done={progress?.doneBytes ?? 0}
            total={progress?.totalBytes ?? null}
            unit="bytes"
          />
        )}
        <ErrorNote error={error} />
        <FormActions>
          <Button type="submit" tone="primary" isPending={isPending} isDisabled={passphrase === ''}>
            {t('settings:backup.make')}
          </Button>
          <Button onPress={close} isDisabled={isPending}>
            {t('common:action.cancel')}
          </Button>
        </FormActions>
      </Form>
    </Dialog>
  );
}
