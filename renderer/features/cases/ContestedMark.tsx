import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { KindName } from '../../../shared/domain/kinds.ts';
import type { Typed } from '../../state/record.ts';
import { Tag } from '../../ui/status/Tag.tsx';
import styles from './cases.module.css';

/** Beside a record in which people wrote different things apart: the way to see them side by side. */
export function ContestedMark({ record }: { readonly record: Typed<KindName> }) {
  const { t } = useTranslation('cases');
  const [field] = record.contested;
  if (field === undefined) return null;
  return (
    <Link
      className={styles.contested}
      href={`/conflicts/${record.caseId}/${record.id}/${encodeURIComponent(field)}`}
    >
      <Tag tone="warn">{t('contested')}</Tag>
    </Link>
  );
}
