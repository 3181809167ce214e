import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { LeaseView } from '../../../shared/contract/leaseProcedures.ts';
import { useFormat } from '../../i18n/useFormat.ts';
import { Card } from '../../ui/layout/Card.tsx';
import { Stack } from '../../ui/layout/Page.tsx';
import { DueDate } from '../../ui/text/DateTime.tsx';
import { Quiet } from '../../ui/text/Quiet.tsx';
import { LeaseWarning } from './LeaseWarning.tsx';
import styles from './leases.module.css';
import { useLeases } from './useLeases.ts';

interface CheckedOutCardProps {
  /** Also there when nothing is checked out, to say what that means. */
  readonly isWhole?: boolean;
}

/** The cases taken along, the one that ends first at the top, and those whose time is over. */
export function CheckedOutCard({ isWhole = false }: CheckedOutCardProps) {
  const { t } = useTranslation('leases');
  const format = useFormat();
  const leases = useLeases();
  if (leases === null) return null;
  const isEmpty = leases.leases.length === 0 && leases.expired.length === 0;
  const warning = <LeaseWarning leases={leases} />;
  if (isEmpty && !isWhole) return warning;
  return (
    <Card title={t('card.title')}>
      <Stack gap={3}>
        {warning}
        {leases.leases.length > 0 && (
          <ul className={styles.list}>
            {leases.leases.map((lease) => (
              <LeaseLine key={lease.caseId} lease={lease} />
            ))}
          </ul>
        )}
        {leases.leases.length === 0 && <p>{t('card.empty')}</p>}
        {leases.expired.map(({ caseId, number, at }) => (
          <Quiet key={caseId}>
            {t('card.expired', { number: number ?? t('card.unnumbered'), time: format.dateTime(at) })}
          </Quiet>
        ))}
        {isWhole && leases.holdUntil !== null && (
          <Quiet>{t('card.others', { time: format.dateTime(leases.holdUntil) })}</Quiet>
        )}
        {isWhole && leases.vaultUntil !== null && (
          <Quiet>{t('card.vault', { time: format.dateTime(leases.vaultUntil) })}</Quiet>
        )}
      </Stack>
    </Card>
  );
}

function LeaseLine({ lease }: { readonly lease: LeaseView }) {
  const { t } = useTranslation('leases');
  return (
    <li className={styles.line}>
      <span className={styles.what}>
        <Link href={`/cases/${lease.caseId}`}>
          {`${lease.number ?? t('card.unnumbered')} · ${lease.title}`}
        </Link>
        <Quiet>
          {lease.unsent === 0
            ? t(`purpose.${lease.purpose}`)
            : `${t(`purpose.${lease.purpose}`)} · ${t('card.unsent', { count: lease.unsent })}`}
        </Quiet>
      </span>
      <DueDate value={lease.until} />
    </li>
  );
}
