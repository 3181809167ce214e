import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { SessionView } from '../../shared/contract/views.ts';
import { followReference } from '../state/reference.ts';
import { followCases } from '../state/revisions.ts';
import { followSync } from '../state/sync.ts';
import { useAction } from '../state/useAction.ts';
import { Note } from '../ui/feedback/Note.tsx';
import { Page } from '../ui/layout/Page.tsx';
import { Bar } from './Bar.tsx';
import { client } from './client.ts';
import { copyThroughHost } from './copying.ts';
import styles from './frame.module.css';
import { Outlet } from './Outlet.tsx';
import { Rail } from './Rail.tsx';
import { ShortcutHelp } from './ShortcutHelp.tsx';
import { useShortcut } from './shortcuts.ts';

/** Nothing of a case stays in sight while cases are removed. */
function Expiring() {
  const { t } = useTranslation('leases');
  return (
    <Page>
      <Note title={t('expiring.title')} isLive>
        {t('expiring.text')}
      </Note>
    </Page>
  );
}

const SearchDialog = lazy(() => import('../features/search/index.tsx'));
const lockNow = () => client.call('session.lock', {});

/** Rail, bar and screen, and the keys that hold everywhere. Shown only while the vault is open. */
export function Frame({ session }: { readonly session: SessionView }) {
  const { t } = useTranslation('common');
  const [, navigate] = useLocation();
  const main = useRef<HTMLElement>(null);
  const [open, setOpen] = useState<'search' | 'help' | null>(null);
  const lock = useAction(lockNow);
  const { run: runLock } = lock;
  useEffect(() => {
    const copying = { client, hostHasClipboard: window.tma !== undefined };
    const stops = [followSync(), followCases(), followReference(), copyThroughHost(document, copying)];
    return () => {
      for (const stop of stops) stop();
    };
  }, []);
  // E16: a link from outside.
  useEffect(() => client.on('link', ({ caseId }) => navigate(`/cases/${caseId}`)), [navigate]);
  useShortcut(
    'N',
    t('shortcut.newReport'),
    useCallback(() => navigate('/reports/new'), [navigate]),
    'global',
  );
  useShortcut(
    'Ctrl+K',
    t('shortcut.search'),
    useCallback(() => setOpen('search'), []),
    'global',
  );
  useShortcut(
    'Ctrl+L',
    t('shortcut.lock'),
    useCallback(() => void runLock(), [runLock]),
    'global',
  );
  useShortcut(
    '?',
    t('shortcut.help'),
    useCallback(() => setOpen('help'), []),
    'global',
  );
  return (
    <div className={styles.frame}>
      <button type="button" className={styles.skip} onClick={() => main.current?.focus()}>
        {t('nav.skip')}
      </button>
      <Rail />
      <Bar
        session={session}
        onSearch={() => setOpen('search')}
        onLock={() => void runLock()}
        isLocking={lock.isPending}
      />
      <main ref={main} id="main" className={styles.main} tabIndex={-1}>
        {session.work === 'expiring' ? <Expiring /> : <Outlet main={main} />}
      </main>
      {open === 'search' && (
        <Suspense fallback={null}>
          <SearchDialog isOpen onClose={() => setOpen(null)} />
        </Suspense>
      )}
      {open === 'help' && <ShortcutHelp onClose={() => setOpen(null)} />}
    </div>
  );
}
