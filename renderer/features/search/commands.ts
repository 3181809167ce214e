import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { client } from '../../app/client.ts';
import { holdSync, syncNow, useSync } from '../../state/sync.ts';

export interface Command {
  readonly id: string;
  readonly label: string;
  readonly run: () => void;
}

/** A command's failure shows where its effect would: in the sync state, in the settings. */
const quietly = (work: Promise<unknown>): void => void work.catch(() => undefined);

/** Everything that can be done from anywhere. */
export function useCommands(): readonly Command[] {
  const { t } = useTranslation('search');
  const [, navigate] = useLocation();
  const isHeld = useSync()?.heldOffline ?? false;
  return useMemo(() => {
    const go = (id: 'day' | 'reports' | 'cases' | 'conflicts' | 'settings', path: string): Command => ({
      id,
      label: t(`command.${id}`),
      run: () => navigate(path),
    });
    const set = (
      id: 'german' | 'english' | 'light' | 'dark',
      settings: Parameters<typeof client.call<'settings.set'>>[1],
    ) => ({
      id,
      label: t(`command.${id}`),
      run: () => quietly(client.call('settings.set', settings)),
    });
    return [
      { id: 'newReport', label: t('command.newReport'), run: () => navigate('/reports/new') },
      go('day', '/'),
      go('reports', '/reports'),
      go('cases', '/cases'),
      go('conflicts', '/conflicts'),
      go('settings', '/settings'),
      { id: 'syncNow', label: t('command.syncNow'), run: () => quietly(syncNow()) },
      {
        id: 'hold',
        label: t(isHeld ? 'command.workOnline' : 'command.workOffline'),
        run: () => quietly(holdSync(!isHeld)),
      },
      set('german', { language: 'de' }),
      set('english', { language: 'en' }),
      set('light', { theme: 'light' }),
      set('dark', { theme: 'dark' }),
      { id: 'lock', label: t('command.lock'), run: () => quietly(client.call('session.lock', {})) },
    ];
  }, [t, navigate, isHeld]);
}
