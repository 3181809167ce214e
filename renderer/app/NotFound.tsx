import { useTranslation } from 'react-i18next';
import { ButtonLink } from '../ui/button/Button.tsx';
import { EmptyState } from '../ui/feedback/EmptyState.tsx';
import { Page } from '../ui/layout/Page.tsx';

/** For an address that names nothing. */
export function NotFound() {
  const { t } = useTranslation('common');
  return (
    <Page>
      <EmptyState
        isPage
        icon="help"
        title={t('crash.notFoundTitle')}
        actions={
          <ButtonLink href="#/" tone="primary">
            {t('crash.home')}
          </ButtonLink>
        }
      >
        {t('crash.notFoundText')}
      </EmptyState>
    </Page>
  );
}
