import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InputOf } from '../../../shared/contract/procedures.ts';
import type { SessionView } from '../../../shared/contract/views.ts';
import { TmaError } from '../../../shared/errors.ts';
import { client } from '../../app/client.ts';
import { useErrorText } from '../../i18n/errorText.ts';
import { useFormat } from '../../i18n/useFormat.ts';
import { sendFile } from '../../state/sendFile.ts';
import { showSession } from '../../state/session.ts';
import { useAction } from '../../state/useAction.ts';
import { useProcedure } from '../../state/useProcedure.ts';
import { Button } from '../../ui/button/Button.tsx';
import { ErrorNote } from '../../ui/feedback/ErrorNote.tsx';
import { Note } from '../../ui/feedback/Note.tsx';
import { ProgressBar } from '../../ui/feedback/Progress.tsx';
import { FileField } from '../../ui/field/FileField.tsx';
import { Form } from '../../ui/field/Form.tsx';
import { SegmentedControl } from '../../ui/field/SegmentedControl.tsx';
import { PassphraseField } from '../../ui/field/TextField.tsx';
import { Gate } from './Gate.tsx';
import { Strength } from './Strength.tsx';

interface RestoreProps {
  readonly session: SessionView;
  readonly onBack: () => void;
}

type Opener = InputOf<'vault.restore'>['opener'];

/** This laptop's vault out of a backup of this or another laptop. */
export function Restore({ session, onBack }: RestoreProps) {
  const { t } = useTranslation('session');
  const format = useFormat();
  const [file, setFile] = useState<File | null>(null);
  const [opener, setOpener] = useState<Opener | null>(null);
  const [doneBytes, setDone] = useState(0);
  const [wasSubmitted, setSubmitted] = useState(false);
  const { run, isPending, error } = useAction(async (chosen: File, using: Opener) => {
    setDone(0);
    const use = (transfer: string) => client.call('vault.restore', { transfer, opener: using });
    showSession(await sendFile({ file: chosen, use, onProgress: setDone }));
  });
  const submit = () => {
    setSubmitted(true);
    if (file !== null && opener !== null) void run(file, opener);
  };
  const isRead = file !== null && doneBytes >= file.size;
  return (
    <Gate session={session} title={t('restore.title')} lead={t('restore.lead')}>
      <Form onSubmit={submit} aria-label={t('restore.title')}>
        <FileField
          label={t('restore.file')}
          action={t('restore.choose')}
          chosen={file && t('restore.chosen', { name: file.name, size: format.bytes(file.size) })}
          onChoose={setFile}
          error={wasSubmitted && file === null ? t('restore.missingFile') : undefined}
          isDisabled={isPending}
        />
        <ChooseOpener onOpener={setOpener} isDisabled={isPending} showErrors={wasSubmitted} />
        <Button type="submit" tone="primary" size="large" wide isPending={isPending}>
          {t(isPending ? 'restore.submitting' : 'restore.submit')}
        </Button>
        {isPending && file !== null && (
          <ProgressBar
            label={t(isRead ? 'restore.finishing' : 'restore.reading')}
            done={doneBytes}
            total={isRead ? null : file.size}
            unit="bytes"
          />
        )}
        <Button tone="quiet" wide onPress={onBack} isDisabled={isPending}>
          {t('restore.back')}
        </Button>
      </Form>
      {error?.code === 'vault.wrong-passphrase' ? (
        <Note tone="danger" isLive>
          {t('restore.refused')}
        </Note>
      ) : (
        <ErrorNote error={error} />
      )}
    </Gate>
  );
}

const ways = ['withPassphrase', 'withKey'] as const;

interface ChooseOpenerProps {
  /** Null while what was typed cannot be it. */
  readonly onOpener: (opener: Opener | null) => void;
  readonly isDisabled: boolean;
  readonly showErrors: boolean;
}

function ChooseOpener({ onOpener, isDisabled, showErrors }: ChooseOpenerProps) {
  const { t } = useTranslation('session');
  const [way, setWay] = useState<(typeof ways)[number]>('withPassphrase');
  return (
    <>
      <SegmentedControl
        aria-label={t('restore.with')}
        options={ways.map((value) => ({ value, label: t(`restore.${value}`) }))}
        value={way}
        onChange={(chosen) => {
          setWay(chosen);
          onOpener(null);
        }}
      />
      {way === 'withPassphrase' ? (
        <WithPassphrase onOpener={onOpener} isDisabled={isDisabled} />
      ) : (
        <WithKey onOpener={onOpener} isDisabled={isDisabled} showErrors={showErrors} />
      )}
    </>
  );
}

function WithPassphrase({ onOpener, isDisabled }: Omit<ChooseOpenerProps, 'showErrors'>) {
  const { t } = useTranslation('session');
  const [passphrase, setPassphrase] = useState('');
  return (
    <PassphraseField
      label={t('restore.passphrase')}
      value={passphrase}
      onChange={(typed) => {
        setPassphrase(typed);
        onOpener(typed === '' ? null : { passphrase: typed });
      }}
      autoComplete="current-password"
      isDisabled={isDisabled}
      isRequired
    />
  );
}

function WithKey({ onOpener, isDisabled, showErrors }: ChooseOpenerProps) {
  const { t } = useTranslation('session');
  const errorText = useErrorText();
  const [escrowKey, setKey] = useState('');
  const [newPassphrase, setWanted] = useState('');
  const verdict = useProcedure('session.checkPassphrase', { passphrase: newPassphrase }).data;
  const problem = verdict?.problem ? errorText(new TmaError(verdict.problem)).title : undefined;
  const tell = (key: string, wanted: string) => {
    setKey(key);
    setWanted(wanted);
    onOpener(key.trim() === '' || wanted === '' ? null : { escrowKey: key, newPassphrase: wanted });
  };
  return (
    <>
      <PassphraseField
        label={t('recover.key')}
        value={escrowKey}
        onChange={(key) => tell(key, newPassphrase)}
        isDisabled={isDisabled}
        isRequired
      />
      <PassphraseField
        label={t('enrol.passphrase')}
        value={newPassphrase}
        onChange={(wanted) => tell(escrowKey, wanted)}
        error={showErrors ? problem : undefined}
        autoComplete="new-password"
        isDisabled={isDisabled}
        isRequired
      />
      <Strength value={verdict?.strength ?? 0} />
    </>
  );
}
