import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { VerifyView } from '../../../shared/contract/views.ts';
import type { CaseId } from '../../../shared/ids.ts';
import { client } from '../../app/client.ts';
import { useAction } from '../../state/useAction.ts';
import { Button } from '../../ui/button/Button.tsx';
import { ErrorNote } from '../../ui/feedback/ErrorNote.tsx';
import { Note } from '../../ui/feedback/Note.tsx';
import { Card } from '../../ui/layout/Card.tsx';
import { Stack } from '../../ui/layout/Page.tsx';
import { Quiet } from '../../ui/text/Quiet.tsx';

const verify = (caseId: CaseId) => client.call('cases.verify', { caseId });

/** Checks the whole log of the case on this laptop, and says what was checked or what is broken. */
export function IntegrityCard({ caseId }: { readonly caseId: CaseId }) {
  const { t } = useTranslation('cases');
  const { run, isPending, error } = useAction(verify);
  const [result, setResult] = useState<VerifyView>();
  const check = async () => setResult(await run(caseId));
  return (
    <Card title={t('integrity.title')}>
      <Stack>
        <Quiet>{t('integrity.intro')}</Quiet>
        <div>
          <Button onPress={() => void check()} isPending={isPending}>
            {t('integrity.check')}
          </Button>
        </div>
        <ErrorNote error={error} />
        {result !== undefined && <Result of={result} />}
      </Stack>
    </Card>
  );
}

function Result({ of }: { readonly of: VerifyView }) {
  const { t } = useTranslation('cases');
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
  const { entries, devices, signatures, serviceKey } = of;
  return (
    <Note tone="ok" title={t('integrity.sound')} isLive>
      <Stack>
        {t('integrity.checked', { entries, devices, signatures })}
        <Quiet>{t('integrity.key', { key: serviceKey })}</Quiet>
      </Stack>
    </Note>
  );
}
