import { type ReactNode, type RefObject, Suspense, useEffect } from 'react';
import { Route, Switch, useLocation } from 'wouter';
import { Skeleton } from '../ui/feedback/Progress.tsx';
import { Page } from '../ui/layout/Page.tsx';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { NotFound } from './NotFound.tsx';
import { routes } from './routes.tsx';

interface OutletProps {
  /** The element that scrolls and holds the screen. */
  readonly main: RefObject<HTMLElement | null>;
}

/** The screen that the address names. */
export function Outlet({ main }: OutletProps) {
  const [path] = useLocation();
  return (
    <ErrorBoundary resetKey={path}>
      <Suspense fallback={<Loading />}>
        <Arrival path={path} main={main}>
          <Switch>
            {routes.map(({ path: pattern, render }) => (
              <Route key={pattern} path={pattern}>
                {(params) => render(params) ?? <NotFound />}
              </Route>
            ))}
            <Route>
              <NotFound />
            </Route>
          </Switch>
        </Arrival>
      </Suspense>
    </ErrorBoundary>
  );
}

/**
 * Takes the focus to the title of a screen that was just opened, so that a keyboard or screen reader starts
 * there. Focus that is at work inside the screen, for example on the tab that changed the address, stays.
 */
function Arrival({
  path,
  main,
  children,
}: OutletProps & { readonly path: string; readonly children: ReactNode }) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new address is the reason to look
  useEffect(() => {
    const area = main.current;
    if (area === null || (document.activeElement !== area && area.contains(document.activeElement))) return;
    if (document.activeElement?.closest('[role="dialog"]')) return;
    area.scrollTop = 0;
    (area.querySelector<HTMLElement>('[data-page-title]') ?? area).focus({ preventScroll: true });
  }, [path, main]);
  return children;
}

function Loading() {
  return (
    <Page>
      <Skeleton lines={4} />
    </Page>
  );
}
