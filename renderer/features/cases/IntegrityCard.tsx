import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { VerifyView } from '../../../shared/contract/views.ts';
import type { CaseId } from '../../../shared/ids.ts';
import { client } from '../../app/client.ts';
import { useFormat } from '../../i18n/useFormat.ts';
import { useAction } from '../../state/useAction.ts';
import { Button } from '../../ui/button/Button.tsx';
import { ErrorNote } from '../../ui/feedback/ErrorNote.tsx';
import { Note } from '../../ui/feedback/Note.tsx';
import { toast } from '../../ui/feedback/toasts.ts';
import { FormActions } from '../../ui/field/Form.tsx';
import { Card } from '../../ui/layout/Card.tsx';
import { Stack } from '../../ui/layout/Page.tsx';
import { Quiet } from '../../ui/text/Quiet.tsx';

const verify = (caseId: CaseId) => client.call('cases.verify', { caseId });
const exportLog = (caseId: CaseId) => client.call('cases.exportLog', { caseId });

/** Checks the whole log of the case on this laptop, says what was checked or what is broken, and gives it out. */
export function IntegrityCard({ caseId }: { readonly caseId: CaseId }) {
  const { t } = useTranslation('cases');
  const checking = useAction(verify);
  const saving = useAction(exportLog);
  const [result, setResult] = useState<VerifyView>();
  const check = async () => setResult(await checking.run(caseId));
  const save = async () => {
    if ((await saving.run(caseId))?.saved === true) toast(t('integrity.exported'));
  };
  return (
    <Card title={t('integrity.title')}>
      <Stack>
        <Quiet>{t('integrity.intro')}</Quiet>
        <FormActions>
          <Button onPress={() => void check()} isPending={checking.isPending}>
            {t('integrity.check')}
          </Button>
          <Button onPress={() => void save()} isPending={saving.isPending}>
            {t('integrity.export')}
          </Button>
        </FormActions>
        <Quiet>{t('integrity.exportHint')}</Quiet>
        <ErrorNote error={checking.error ?? saving.error} />
        {result !== undefined && <Result of={result} />}
      </Stack>
    </Card>
  );
}

function Result({ of }: { readonly of: VerifyView }) {
  const { t } = useTranslation('cases');
  const format = useFormat();
  if (of.outcome === 'broken') {
    const { kind, position } = of.at;
    const where = position === undefined ? '' : ` ${t('integrity.at', { position })}`;
    return (
      <Note tone="danger" title={t('integrity.broken')} isLive>
        {t(`integrity.kind.${kind}`)}
        {where} {t('integrity.tell')}
      </Note>
    );
  }
  const { entries, devices, signatures, witnessed, serviceKey } = of;
  return (
    <Note tone="ok" title={t('integrity.sound')} isLive>
      <Stack>
        {t('integrity.checked', { entries, devices, signatures })}
        <span>
          {witnessed === null
            ? t('integrity.notWitnessed')
            : t('integrity.witnessed', {
                position: witnessed.position,
                time: format.dateTime(witnessed.at),
              })}
        </span>
        <Quiet>{t('integrity.key', { key: serviceKey })}</Quiet>
      </Stack>
    </Note>
  );
}
