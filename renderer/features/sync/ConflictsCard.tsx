import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { useAllRevision } from '../../state/revisions.ts';
import { useProcedure } from '../../state/useProcedure.ts';
import { Card } from '../../ui/layout/Card.tsx';
import { Stack } from '../../ui/layout/Page.tsx';
import { Quiet } from '../../ui/text/Quiet.tsx';
import { useFieldLabel } from '../cases/labels.ts';
import { conflictPath } from '../conflicts/paths.ts';

const shownAtOnce = 5;

/** What people wrote apart and somebody has to settle, with the way there; nothing when there is nothing. */
export function ConflictsCard() {
  const { t } = useTranslation(['sync', 'conflicts', 'cases']);
  const fieldLabel = useFieldLabel();
  const { data } = useProcedure('conflicts.list', {}, useAllRevision());
  const lines = data?.lines ?? [];
  if (lines.length === 0) return null;
  return (
    <Card title={t('conflicts:title')}>
      <Stack gap={3}>
        <p>{t('conflicts:count', { count: lines.length })}</p>
        {lines.slice(0, shownAtOnce).map((line) => (
          <div key={conflictPath(line)}>
            <Link href={conflictPath(line)}>{fieldLabel(line.field)}</Link>{' '}
            <Quiet>{`${line.number ?? t('cases:numberPending')} · ${line.caseTitle}`}</Quiet>
          </div>
        ))}
        {lines.length > shownAtOnce && <Link href="/conflicts">{t('sync:allConflicts')}</Link>}
      </Stack>
    </Card>
  );
}
