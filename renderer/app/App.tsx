import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { I18nProvider } from 'react-aria-components/I18nProvider';
import { Router } from 'wouter';
import { useHashLocation } from 'wouter/use-hash-location';
import { localeOf } from '../i18n/language.ts';
import { useSession } from '../state/session.ts';
import { ToastRegion } from '../ui/feedback/ToastRegion.tsx';
import { clearToasts } from '../ui/feedback/toasts.ts';
import { reportActivity } from './activity.ts';
import { useAppearance } from './appearance.ts';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { Frame } from './Frame.tsx';
import { beginFreshPage } from './freshPage.ts';
import { listenForShortcuts } from './shortcuts.ts';

const SessionGate = lazy(() => import('../features/session/index.tsx'));

/** The window: before the vault is open the gate, then the frame with its screens. */
export function App() {
  const session = useSession();
  const language = useAppearance(session?.settings);
  const isOpen = session?.phase === 'unlocked';
  useEffect(listenForShortcuts, []);
  // A toast may name a case; none outlives the lock.
  useEffect(() => (isOpen ? clearToasts : undefined), [isOpen]);
  useEffect(() => (isOpen ? reportActivity() : undefined), [isOpen]);
  const isLeaving = useLeaving(isOpen);
  if (session === null || language === null || isLeaving) return null;
  return (
    <I18nProvider locale={localeOf[language]}>
      <Router hook={useHashLocation}>
        <ErrorBoundary resetKey={session.phase}>
          {isOpen ? (
            <Frame session={session} />
          ) : (
            <Suspense fallback={null}>
              <SessionGate session={session} />
            </Suspense>
          )}
        </ErrorBoundary>
        <ToastRegion />
      </Router>
    </I18nProvider>
  );
}

/** True from the lock on, while a page without anything of a case takes the place of this one. */
function useLeaving(isOpen: boolean): boolean {
  const wasOpen = useRef(false);
  const [isRefused, setRefused] = useState(false);
  wasOpen.current ||= isOpen;
  const isLeaving = wasOpen.current && !isOpen && !isRefused;
  useEffect(() => {
    if (isLeaving) setRefused(!beginFreshPage());
  }, [isLeaving]);
  return isLeaving;
}
