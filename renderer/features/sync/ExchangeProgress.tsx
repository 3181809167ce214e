import { useTranslation } from 'react-i18next';
import type { SyncProgress } from '../../../shared/contract/syncViews.ts';
import { useFormat } from '../../i18n/useFormat.ts';
import { ProgressBar, usePatience } from '../../ui/feedback/Progress.tsx';
import { Quiet } from '../../ui/text/Quiet.tsx';

/** An exchange that is over sooner shows no bar: it would only flicker. */
const patienceMs = 1_000;

/** How far sending or fetching has come, in counts; work goes on meanwhile. */
export function ExchangeProgress({ progress }: { readonly progress: SyncProgress | null }) {
  const { t } = useTranslation('sync');
  const format = useFormat();
  const isLong = usePatience(progress !== null, patienceMs);
  if (progress === null || !isLong) return null;
  const { phase, done, total, cases } = progress;
  if (phase === 'fetching' && cases !== null) {
    return (
      <div>
        <ProgressBar label={t('progress.cases')} done={cases.done} total={cases.total} />
        <Quiet>{t('progress.usable')}</Quiet>
      </div>
    );
  }
  const label =
    total === null && done > 0
      ? t(`progress.${phase}SoFar`, { count: done, shown: format.number(done) })
      : t(`progress.${phase}`);
  return <ProgressBar label={label} done={done} total={total} />;
}
