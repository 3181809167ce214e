import { Button as AriaButton } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/useFormat.ts';
import { ScreenReaderOnly } from '../text/Quiet.tsx';
import styles from './status.module.css';

export type SyncState = 'synced' | 'syncing' | 'offline' | 'attention';

interface StatusPillProps {
  readonly state: SyncState;
  /** Changes not yet sent; always shown when there are any. */
  readonly unsent: number;
  /** ISO instant of the last complete sync. */
  readonly lastSyncedAt: string | null;
  /** Opens the details. */
  readonly onPress: () => void;
}

/** Whether the laptop and the service hold the same, calmly: offline is a normal state. */
export function StatusPill({ state, unsent, lastSyncedAt, onPress }: StatusPillProps) {
  const { t } = useTranslation('common');
  const format = useFormat();
  const word =
    state === 'synced' && lastSyncedAt !== null
      ? t('sync.syncedAt', { time: format.time(lastSyncedAt) })
      : t(`sync.${state}`);
  return (
    <>
      <AriaButton className={styles.pill ?? ''} data-state={state} onPress={onPress}>
        <i className={styles.pillDot} aria-hidden="true" />
        {unsent > 0 ? `${word} · ${t('sync.unsent', { count: unsent })}` : word}
      </AriaButton>
      {/* Read out only what changes how one works: each exchange that goes well would be noise. */}
      <ScreenReaderOnly>
        <span role="status">{state === 'offline' || state === 'attention' ? word : ''}</span>
      </ScreenReaderOnly>
    </>
  );
}
