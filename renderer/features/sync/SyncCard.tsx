import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { SyncView } from '../../../shared/contract/syncViews.ts';
import { useFormat } from '../../i18n/useFormat.ts';
import { holdSync, syncNow, useSync } from '../../state/sync.ts';
import { useAction } from '../../state/useAction.ts';
import { Button } from '../../ui/button/Button.tsx';
import { ErrorNote } from '../../ui/feedback/ErrorNote.tsx';
import { Skeleton } from '../../ui/feedback/Progress.tsx';
import { Switch } from '../../ui/field/Choice.tsx';
import { Card } from '../../ui/layout/Card.tsx';
import { Stack } from '../../ui/layout/Page.tsx';
import { Tag } from '../../ui/status/Tag.tsx';
import { Quiet } from '../../ui/text/Quiet.tsx';
import { ExchangeProgress } from './ExchangeProgress.tsx';
import { SyncNotes } from './SyncNotes.tsx';

interface SyncCardProps {
  /** Where the screen itself is called as the card usually is. */
  readonly title?: string;
  /** It stands on the screen that tells everything; elsewhere it leads there. */
  readonly isWhole?: boolean;
}

/** What is sent and what is not, calmly; and the switch to work offline. */
export function SyncCard({ isWhole = false, ...props }: SyncCardProps) {
  const { t } = useTranslation('sync');
  const title = props.title ?? t('title');
  const sync = useSync();
  const hold = useAction(holdSync);
  const now = useAction(syncNow);
  if (sync === null) {
    return (
      <Card title={title}>
        <Skeleton lines={2} />
      </Card>
    );
  }
  return (
    <Card title={title} actions={<StateTag sync={sync} />}>
      <Stack gap={3}>
        <Unsent sync={sync} />
        <ExchangeProgress progress={sync.progress} />
        <SyncNotes sync={sync} isWhole={isWhole} />
        <ErrorNote error={hold.error ?? now.error} />
        <Switch
          isSelected={sync.heldOffline}
          onChange={(offline) => void hold.run(offline)}
          help={t('holdHint')}
        >
          {t('hold')}
        </Switch>
        {!sync.heldOffline && (
          <div>
            <Button
              size="small"
              onPress={() => void now.run()}
              isPending={now.isPending || sync.state === 'syncing'}
            >
              {t('now')}
            </Button>
          </div>
        )}
        {!isWhole && <Link href="/sync">{t('details')}</Link>}
      </Stack>
    </Card>
  );
}

function StateTag({ sync }: { readonly sync: SyncView }) {
  const { t } = useTranslation('sync');
  const format = useFormat();
  const isOffline = sync.state === 'offline' && sync.offlineSince !== null;
  return (
    <Tag tone={sync.state === 'error' ? 'warn' : 'neutral'}>
      {isOffline && sync.offlineSince !== null
        ? t('offlineSince', { time: format.time(sync.offlineSince) })
        : t(`state.${sync.state}`)}
    </Tag>
  );
}

function Unsent({ sync }: { readonly sync: SyncView }) {
  const { t } = useTranslation('sync');
  const format = useFormat();
  const last = sync.lastSuccessAt;
  return (
    <div>
      <p>
        {sync.unsent === 0
          ? t('allSent')
          : t('unsent', {
              count: sync.unsent,
              age: format.relative(sync.oldestUnsentAt ?? new Date().toISOString()),
            })}
      </p>
      <Quiet>{last === null ? t('neverDone') : t('lastSuccess', { time: format.relative(last) })}</Quiet>
    </div>
  );
}
