import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SalvageReport, SessionView } from '../../../shared/contract/views.ts';
import { client } from '../../app/client.ts';
import { useFormat } from '../../i18n/useFormat.ts';
import { showSession } from '../../state/session.ts';
import { useAction } from '../../state/useAction.ts';
import { Button } from '../../ui/button/Button.tsx';
import { ErrorNote } from '../../ui/feedback/ErrorNote.tsx';
import { Note } from '../../ui/feedback/Note.tsx';
import { Form } from '../../ui/field/Form.tsx';
import { PassphraseField } from '../../ui/field/TextField.tsx';
import { DescriptionList } from '../../ui/layout/DescriptionList.tsx';
import { Quiet } from '../../ui/text/Quiet.tsx';
import { Account } from './Account.tsx';
import { Enrol } from './Enrol.tsx';
import { Gate } from './Gate.tsx';
import { Restore } from './Restore.tsx';
import { Wait } from './Wait.tsx';

type DamagedTrouble = Extract<NonNullable<SessionView['trouble']>, { type: 'damaged' }>;

interface DamagedProps {
  readonly session: SessionView;
  readonly trouble: DamagedTrouble;
}

const salvage = (passphrase: string) => client.call('vault.salvage', { passphrase });
const unlock = async (passphrase: string): Promise<void> =>
  showSession(await client.call('session.unlock', { passphrase }));

/** The vault cannot be read in full. Nothing is thrown away; what is there and what is not is said exactly. */
export function Damaged({ session, trouble }: DamagedProps) {
  const { t } = useTranslation('session');
  const format = useFormat();
  const [passphrase, setPassphrase] = useState('');
  const [report, setReport] = useState<SalvageReport | null>(null);
  const [isEnrolling, setEnrolling] = useState(false);
  const [isRestoring, setRestoring] = useState(false);
  const saving = useAction(salvage);
  const opening = useAction(unlock);
  const isPending = saving.isPending || opening.isPending;
  if (isEnrolling) return <Enrol session={session} />;
  if (isRestoring) return <Restore session={session} onBack={() => setRestoring(false)} />;
  const save = async () => {
    opening.clearError();
    const answer = await saving.run(passphrase);
    if (answer !== undefined) setReport(answer);
  };
  const open = async () => {
    saving.clearError();
    await opening.run(passphrase);
  };
  return (
    <Gate session={session} title={t('damaged.title')} lead={t('damaged.lead')}>
      <Account
        session={session}
        items={[
          { term: t('damaged.since'), value: format.dateTime(trouble.since) },
          { term: t('damaged.copy'), value: trouble.setAside ?? t('damaged.noCopy') },
        ]}
      />
      {report === null ? (
        <Form onSubmit={() => void save()} aria-label={t('damaged.try')}>
          <PassphraseField
            label={t('unlock.passphrase')}
            value={passphrase}
            onChange={setPassphrase}
            autoComplete="current-password"
            isDisabled={isPending}
          />
          <Button type="submit" tone="primary" size="large" wide isPending={saving.isPending}>
            {t(saving.isPending ? 'damaged.trying' : 'damaged.try')}
          </Button>
          <Quiet>{t('damaged.tryHint')}</Quiet>
          <Button wide onPress={() => void open()} isPending={opening.isPending}>
            {t('damaged.open')}
          </Button>
          <Wait session={session} />
        </Form>
      ) : (
        <Found
          report={report}
          onNext={() => (report.outcome === 'whole' ? void opening.run(passphrase) : setEnrolling(true))}
        />
      )}
      <ErrorNote error={saving.error ?? opening.error} />
      <Button tone="quiet" wide onPress={() => setRestoring(true)} isDisabled={isPending}>
        {t('restore.offer')}
      </Button>
    </Gate>
  );
}

interface FoundProps {
  readonly report: SalvageReport;
  readonly onNext: () => void;
}

function Found({ report, onNext }: FoundProps) {
  const { t } = useTranslation('session');
  const format = useFormat();
  const { cases, records, unsent, lost, outcome, copy } = report;
  const found = [
    t('damaged.cases', { count: cases }),
    t('damaged.records', { count: records }),
    t('damaged.unsent', { count: unsent }),
  ];
  return (
    <>
      <Note tone={outcome === 'whole' ? 'ok' : 'warn'} isLive>
        {t(`damaged.${outcome}`, { copy })}
      </Note>
      <DescriptionList
        items={[
          { term: t('damaged.found'), value: format.list(found) },
          { term: t('damaged.lost'), value: lost.length === 0 ? t('account.none') : lost.join(', ') },
        ]}
      />
      <Button tone="primary" size="large" wide onPress={onNext}>
        {t(outcome === 'whole' ? 'damaged.toUnlock' : 'damaged.newLaptop')}
      </Button>
    </>
  );
}
