import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { SearchFilling } from '../../../shared/contract/views.ts';
import { ProgressBar } from '../../ui/feedback/Progress.tsx';

const askAgainMs = 2_000;

interface FillingProps {
  readonly filling: SearchFilling | null;
  readonly onAskAgain: () => void;
}

/** After a first sync: that results are missing still, and how far it is. Asks again until none are. */
export function Filling({ filling, onAskAgain }: FillingProps) {
  const { t } = useTranslation('search');
  const isFilling = filling !== null;
  useEffect(() => {
    if (!isFilling) return;
    const timer = setInterval(onAskAgain, askAgainMs);
    return () => clearInterval(timer);
  }, [isFilling, onAskAgain]);
  return filling && <ProgressBar label={t('filling')} done={filling.done} total={filling.total} />;
}
