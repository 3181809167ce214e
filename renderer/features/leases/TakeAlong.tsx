import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LeasesView, LeaseView } from '../../../shared/contract/leaseProcedures.ts';
import type { CaseId } from '../../../shared/ids.ts';
import { type LeasePurpose, leasePurposes } from '../../../shared/sync/leases.ts';
import { client } from '../../app/client.ts';
import { useFormat } from '../../i18n/useFormat.ts';
import { useNowMs } from '../../i18n/useNowMs.ts';
import { useSync } from '../../state/sync.ts';
import { useAction } from '../../state/useAction.ts';
import { Button } from '../../ui/button/Button.tsx';
import { ErrorNote } from '../../ui/feedback/ErrorNote.tsx';
import { Note } from '../../ui/feedback/Note.tsx';
import { toast } from '../../ui/feedback/toasts.ts';
import { DateField } from '../../ui/field/DateField.tsx';
import { Form, FormActions, FormRow } from '../../ui/field/Form.tsx';
import { Select } from '../../ui/field/Select.tsx';
import { Dialog } from '../../ui/overlay/Dialog.tsx';
import { Quiet } from '../../ui/text/Quiet.tsx';
import { daysToChoose, endOfDay } from './days.ts';
import { isAway } from './ending.ts';

interface TakeAlongProps {
  readonly caseId: CaseId;
  readonly leases: LeasesView;
}

/** Takes a case along for a purpose and a time, or changes that, or gives it back. */
export function TakeAlong({ caseId, leases }: TakeAlongProps) {
  const { t } = useTranslation('leases');
  const [isOpen, setOpen] = useState(false);
  const lease = leases.leases.find((one) => one.caseId === caseId) ?? null;
  return (
    <>
      <Button onPress={() => setOpen(true)}>{t(lease === null ? 'take' : 'change')}</Button>
      {isOpen && <TakeDialog caseId={caseId} leases={leases} lease={lease} onClose={() => setOpen(false)} />}
    </>
  );
}

interface TakeDialogProps extends TakeAlongProps {
  /** Null where the case is not checked out. */
  readonly lease: LeaseView | null;
  readonly onClose: () => void;
}

const take = (caseId: CaseId, purpose: LeasePurpose, until: string) =>
  client.call('leases.take', { caseId, purpose, until });
const giveBack = (caseId: CaseId) => client.call('leases.giveBack', { caseId });

function TakeDialog({ caseId, leases, lease, onClose }: TakeDialogProps) {
  const { t } = useTranslation(['leases', 'common']);
  // The lease and the days of the moment the dialog opened.
  const [opened] = useState(lease);
  const nowMs = useNowMs();
  const [days] = useState(() => daysToChoose(nowMs, leases.checkoutHours));
  const [purpose, setPurpose] = useState<LeasePurpose | null>(opened?.purpose ?? null);
  const [until, setUntil] = useState<string | null>(days.usual);
  // Nothing is missing before somebody says that this is all.
  const [hasTried, setTried] = useState(false);
  const taking = useAction(take);
  const returning = useAction(giveBack);
  const submit = async () => {
    setTried(true);
    if (purpose === null || until === null) return;
    const taken = await taking.run(caseId, purpose, endOfDay(until));
    if (taken === undefined) return;
    toast(t('leases:taken'));
    onClose();
  };
  const back = async () => {
    const returned = await returning.run(caseId);
    if (returned === undefined) return;
    toast(t('leases:returned'));
    onClose();
  };
  return (
    <Dialog
      title={t(opened === null ? 'leases:dialog.title' : 'leases:dialog.changeTitle')}
      isOpen
      onClose={onClose}
    >
      <Form
        onSubmit={() => void submit()}
        aria-label={t('leases:dialog.title')}
        errors={{
          ...(hasTried && purpose === null && { purpose: t('leases:dialog.missingPurpose') }),
          ...(hasTried && until === null && { until: t('leases:dialog.missingUntil') }),
        }}
      >
        <FormRow>
          <Select
            label={t('leases:dialog.purpose')}
            name="purpose"
            options={leasePurposes.map((value) => ({ value, label: t(`leases:purpose.${value}`) }))}
            value={purpose}
            onChange={setPurpose}
            isRequired
          />
          <DateField
            label={t('leases:dialog.until')}
            name="until"
            value={until}
            onChange={setUntil}
            min={days.first}
            max={days.last}
            isRequired
          />
        </FormRow>
        <WhatHappens leases={leases} lease={opened} />
        <ErrorNote error={taking.error ?? returning.error} />
        <FormActions>
          <Button type="submit" tone="primary" isPending={taking.isPending}>
            {t(opened === null ? 'leases:dialog.take' : 'leases:dialog.change')}
          </Button>
          {opened !== null && (
            <Button onPress={() => void back()} isPending={returning.isPending}>
              {t('leases:dialog.giveBack')}
            </Button>
          )}
          <Button onPress={onClose}>{t('common:action.cancel')}</Button>
        </FormActions>
      </Form>
    </Dialog>
  );
}

/** In words, before anybody agrees to it: how long, what comes at the end, what comes without it. */
function WhatHappens({ leases, lease }: Pick<TakeDialogProps, 'leases' | 'lease'>) {
  const { t } = useTranslation('leases');
  const format = useFormat();
  const away = isAway(useSync());
  return (
    <>
      {away && <Note tone="warn">{t('dialog.needsService')}</Note>}
      {lease !== null && (
        <p>
          {t('dialog.now', {
            purpose: t(`purpose.${lease.purpose}`),
            until: format.dateTime(lease.until),
            wished: format.dateTime(lease.wishedUntil),
          })}
        </p>
      )}
      <Quiet>{t('dialog.renewed', { span: format.span(leases.checkoutHours * 3_600_000) })}</Quiet>
      <Quiet>{t('dialog.atTheEnd')}</Quiet>
      {leases.holdUntil !== null && (
        <Quiet>{t('dialog.otherwise', { time: format.dateTime(leases.holdUntil) })}</Quiet>
      )}
    </>
  );
}
