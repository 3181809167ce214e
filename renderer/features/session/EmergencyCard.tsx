import { useTranslation } from 'react-i18next';
import type { SessionView } from '../../../shared/contract/views.ts';
import { Card } from '../../ui/layout/Card.tsx';
import { Quiet } from '../../ui/text/Quiet.tsx';
import styles from './session.module.css';

interface EmergencyCardProps {
  readonly contacts: SessionView['emergency'];
  readonly headingLevel?: 2 | 3;
}

/** Whom to call now. Holds no case data, so it is there while locked and without a network. */
export function EmergencyCard({ contacts, headingLevel = 2 }: EmergencyCardProps) {
  const { t } = useTranslation('session');
  if (contacts.length === 0) return null;
  return (
    <Card title={t('emergency.title')} tone="danger" headingLevel={headingLevel}>
      <p className={styles.numbers}>
        {contacts.map(({ label, number }) => (
          <span key={label} className={styles.number}>
            {label} <b>{number}</b>
          </span>
        ))}
      </p>
      <Quiet>{t('emergency.always')}</Quiet>
    </Card>
  );
}
