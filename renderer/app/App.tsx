import { lazy, Suspense, useEffect } from 'react';
import { I18nProvider } from 'react-aria-components/I18nProvider';
import { Router } from 'wouter';
import { useHashLocation } from 'wouter/use-hash-location';
import { localeOf } from '../i18n/language.ts';
import { useSession } from '../state/session.ts';
import { ToastRegion } from '../ui/feedback/ToastRegion.tsx';
import { clearToasts } from '../ui/feedback/toasts.ts';
import { useAppearance } from './appearance.ts';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { Frame } from './Frame.tsx';
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
  if (session === null || language === null) return null;
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
