import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SessionView } from '../../../shared/contract/views.ts';
import { useFormat } from '../../i18n/useFormat.ts';
import { Button } from '../../ui/button/Button.tsx';
import { Quiet } from '../../ui/text/Quiet.tsx';
import { Account } from './Account.tsx';
import { Enrol } from './Enrol.tsx';
import { Gate } from './Gate.tsx';

type WipedTrouble = Extract<NonNullable<SessionView['trouble']>, { type: 'wiped' }>;

interface WipedProps {
  readonly session: SessionView;
  readonly trouble: WipedTrouble;
}

/** The key is gone: why, what that means, and the way back. */
export function Wiped({ session, trouble }: WipedProps) {
  const { t } = useTranslation('session');
  const format = useFormat();
  const [isEnrolling, setEnrolling] = useState(false);
  if (isEnrolling) return <Enrol session={session} />;
  return (
    <Gate session={session} title={t('wiped.title')} lead={t(`wiped.${trouble.because}`)}>
      <Account
        session={session}
        items={[
          { term: t('wiped.at'), value: format.dateTime(trouble.at) },
          {
            term: t('wiped.reported'),
            value: t(trouble.reported ? 'wiped.reportedYes' : 'wiped.reportedNo'),
          },
        ]}
      />
      <Quiet>{t('wiped.next')}</Quiet>
      <Button tone="primary" size="large" wide onPress={() => setEnrolling(true)}>
        {t('wiped.enrol')}
      </Button>
    </Gate>
  );
}
