import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../state/session.ts';
import { Button } from '../../ui/button/Button.tsx';
import { FormActions } from '../../ui/field/Form.tsx';
import { Card } from '../../ui/layout/Card.tsx';
import { DescriptionList } from '../../ui/layout/DescriptionList.tsx';
import { Stack } from '../../ui/layout/Page.tsx';
import { NewPassphrase } from './NewPassphrase.tsx';
import { RenewKey } from './RenewKey.tsx';

/** What protects this laptop, and what a person can do about it. */
export function Security() {
  const { t } = useTranslation('settings');
  const session = useSession();
  const [open, setOpen] = useState<'passphrase' | 'key' | null>(null);
  const close = () => setOpen(null);
  return (
    <Card title={t('security.title')}>
      <Stack>
        <DescriptionList
          items={[
            {
              term: t('security.idle'),
              value: session && t('security.idleAfter', { count: session.idleLockMinutes }),
            },
            {
              term: t('security.escrow'),
              value: t(session?.hasEscrow ? 'security.escrowYes' : 'security.escrowNo'),
            },
          ]}
        />
        <FormActions>
          <Button onPress={() => setOpen('passphrase')}>{t('security.change')}</Button>
          <Button onPress={() => setOpen('key')}>{t('security.rotate')}</Button>
        </FormActions>
      </Stack>
      {open === 'passphrase' && <NewPassphrase onClose={close} />}
      {open === 'key' && <RenewKey onClose={close} />}
    </Card>
  );
}
