import { useTranslation } from 'react-i18next';
import type { VersionView } from '../../../shared/contract/conflictViews.ts';
import { useDeviceLabel, useUserName } from '../../state/reference.ts';
import { DateTime } from '../../ui/text/DateTime.tsx';
import { Quiet } from '../../ui/text/Quiet.tsx';

interface AuthorProps {
  readonly version: VersionView;
  /** Says where this is the version that is shown meanwhile. */
  readonly tellsShown?: boolean;
}

/** When, by whom and on which laptop something was written. */
export function Author({ version, tellsShown = false }: AuthorProps) {
  const { t } = useTranslation('conflicts');
  const userName = useUserName();
  const deviceLabel = useDeviceLabel();
  return (
    <Quiet>
      <DateTime value={version.at} />
      {[userName(version.user), deviceLabel(version.device)].filter(Boolean).map((text) => ` · ${text}`)}
      {tellsShown && version.shown && ` · ${t('shownNow')}`}
    </Quiet>
  );
}
