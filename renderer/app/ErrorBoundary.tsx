import { Component, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, ButtonLink } from '../ui/button/Button.tsx';
import { EmptyState } from '../ui/feedback/EmptyState.tsx';

interface ErrorBoundaryProps {
  /** Another key tries again: another screen, another phase of the session. */
  readonly resetKey: string;
  readonly children: ReactNode;
}

interface ErrorBoundaryState {
  readonly failedKey: string | null;
}

/** Keeps a fault in one screen from taking the window with it, and says so calmly. Nothing is sent anywhere. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, ErrorBoundaryState> {
  override state: ErrorBoundaryState = { failedKey: null };
  private readonly reload = () => this.setState({ failedKey: null });

  override componentDidCatch(): void {
    this.setState({ failedKey: this.props.resetKey });
  }

  static getDerivedStateFromError(): Partial<ErrorBoundaryState> {
    return { failedKey: '' };
  }

  static getDerivedStateFromProps(
    { resetKey }: ErrorBoundaryProps,
    { failedKey }: ErrorBoundaryState,
  ): ErrorBoundaryState | null {
    // '' marks a failure that has not yet learnt the key it belongs to.
    return failedKey === null || failedKey === '' || failedKey === resetKey ? null : { failedKey: null };
  }

  override render(): ReactNode {
    return this.state.failedKey === null ? this.props.children : <Interrupted onReload={this.reload} />;
  }
}

function Interrupted({ onReload }: { readonly onReload: () => void }) {
  const { t } = useTranslation('common');
  return (
    <div role="alert">
      <EmptyState
        isPage
        icon="warn"
        title={t('crash.title')}
        actions={
          <>
            <Button tone="primary" onPress={onReload}>
              {t('crash.reload')}
            </Button>
            <ButtonLink href="#/">{t('crash.home')}</ButtonLink>
          </>
        }
      >
        {t('crash.text')}
      </EmptyState>
    </div>
  );
}
