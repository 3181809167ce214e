import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Refusal } from '../../../shared/contract/syncViews.ts';
import { client } from '../../app/client.ts';
import { useAction } from '../../state/useAction.ts';
import { useProcedure } from '../../state/useProcedure.ts';
import { Button } from '../../ui/button/Button.tsx';
import { ErrorNote } from '../../ui/feedback/ErrorNote.tsx';
import { Card } from '../../ui/layout/Card.tsx';
import { Stack } from '../../ui/layout/Page.tsx';
import { VirtualList } from '../../ui/table/VirtualList.tsx';
import { Quiet } from '../../ui/text/Quiet.tsx';
import { RefusalItem } from './RefusalItem.tsx';
import styles from './sync.module.css';
import { useSyncRevision } from './useSyncRevision.ts';

/** More than this are drawn as they come into view. */
const longList = 20;
const keyOf = ({ place }: Refusal): string => `${place.device} ${place.caseId} ${place.n}`;
const markRead = (refusals: readonly Refusal[]) =>
  client.call('sync.readRefusals', { places: refusals.map(({ place }) => place) });

/** Changes that the service keeps and does not count: what they said, why, and who can read them. */
export function RefusalsCard() {
  const { t } = useTranslation('sync');
  const [withRead, setWithRead] = useState(false);
  const { data, error, refresh } = useProcedure('sync.refusals', { withRead }, useSyncRevision());
  const mark = useAction(markRead);
  const { run } = mark;
  const read = useCallback(
    (refusals: readonly Refusal[]) => void run(refusals).then(() => refresh()),
    [run, refresh],
  );
  if (data === null) return <ErrorNote error={error} />;
  const { refusals } = data;
  if (refusals.length === 0 && data.read === 0) return null;
  const unread = refusals.filter((one) => !one.read);
  return (
    <Card
      title={t('refusals.title')}
      note={<Quiet>{t('refusals.count', { count: unread.length })}</Quiet>}
      actions={
        <span className={styles.acts}>
          {unread.length > 1 && (
            <Button size="small" onPress={() => read(unread)} isPending={mark.isPending}>
              {t('refusals.readAll')}
            </Button>
          )}
          {data.read > 0 && (
            <Button size="small" tone="quiet" onPress={() => setWithRead(!withRead)}>
              {t(withRead ? 'refusals.hideRead' : 'refusals.showRead', { count: data.read })}
            </Button>
          )}
        </span>
      }
    >
      <Stack gap={3}>
        <Quiet>{t(refusals.length === 0 ? 'refusals.allRead' : 'refusals.intro')}</Quiet>
        <ErrorNote error={mark.error} />
        {refusals.length > longList ? (
          <VirtualList label={t('refusals.title')} items={refusals} itemKey={keyOf} estimatedHeight={160}>
            {(refusal) => <RefusalItem refusal={refusal} onRead={() => read([refusal])} />}
          </VirtualList>
        ) : (
          refusals.length > 0 && (
            <ol className={styles.refusals} aria-label={t('refusals.title')}>
              {refusals.map((refusal) => (
                <li key={keyOf(refusal)}>
                  <RefusalItem refusal={refusal} onRead={() => read([refusal])} />
                </li>
              ))}
            </ol>
          )
        )}
      </Stack>
    </Card>
  );
}
