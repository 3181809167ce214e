import { Button as AriaButton } from 'react-aria-components/Button';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { SessionView } from '../../shared/contract/views.ts';
import { useSync } from '../state/sync.ts';
import { Button } from '../ui/button/Button.tsx';
import { Icon } from '../ui/icon/Icon.tsx';
import { StatusPill } from '../ui/status/StatusPill.tsx';
import { Kbd } from '../ui/text/Kbd.tsx';
import styles from './frame.module.css';
import { pillState } from './pillState.ts';

interface BarProps {
  readonly session: SessionView;
  readonly onSearch: () => void;
  readonly onLock: () => void;
  readonly isLocking: boolean;
}

/** Search, the state of the exchange, who one is, and the lock: always in the same place. */
export function Bar({ session, onSearch, onLock, isLocking }: BarProps) {
  const { t } = useTranslation('common');
  const [, navigate] = useLocation();
  const sync = useSync();
  const { user } = session;
  return (
    <header className={styles.bar}>
      <AriaButton className={styles.find ?? ''} onPress={onSearch}>
        <Icon name="search" />
        <span className={styles.findText}>{t('bar.search')}</span>
        <Kbd keys="Ctrl+K" />
      </AriaButton>
      <span className={styles.gap} />
      {sync && (
        <StatusPill
          state={pillState(sync)}
          unsent={sync.unsent}
          lastSyncedAt={sync.lastSuccessAt}
          onPress={() => navigate('/sync')}
        />
      )}
      {user && (
        <span className={styles.role} title={user.name}>
          {t(`term.orgRole.${user.role}`)}
        </span>
      )}
      <Button tone="quiet" kbd="Ctrl+L" onPress={onLock} isPending={isLocking}>
        {t(isLocking ? 'bar.locking' : 'bar.lock')}
      </Button>
    </header>
  );
}
