import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { Refusal } from '../../../shared/contract/syncViews.ts';
import { useUserName } from '../../state/reference.ts';
import { Button } from '../../ui/button/Button.tsx';
import { DateTime } from '../../ui/text/DateTime.tsx';
import { Quiet } from '../../ui/text/Quiet.tsx';
import { useFieldLabel, useKindLabel } from '../cases/labels.ts';
import { useValueText } from '../cases/values.ts';
import { useReasonText } from './reasons.ts';
import styles from './sync.module.css';

interface RefusalItemProps {
  readonly refusal: Refusal;
  readonly onRead: () => void;
}

/** One refused change: where, by whom, why, what became of what it says, and the words themselves. */
export function RefusalItem({ refusal, onRead }: RefusalItemProps) {
  const { t } = useTranslation(['sync', 'cases']);
  const userName = useUserName();
  const kindLabel = useKindLabel();
  const reasonText = useReasonText();
  const { op, kind, mine, user, at, number, caseTitle, code, read } = refusal;
  const who = mine ? t('sync:refusals.you') : (userName(user) ?? t('cases:history.unknownUser'));
  const what = t(`sync:refusals.op.${op}`, { what: kindLabel(kind) });
  return (
    <article className={styles.refusal}>
      <header className={styles.refusalHead}>
        <div>
          <b>{what}</b>{' '}
          <Link href={`/cases/${refusal.place.caseId}`}>
            {`${number ?? t('cases:numberPending')} · ${caseTitle}`}
          </Link>
          <div>
            <Quiet>
              {who} · <DateTime value={at} />
            </Quiet>
          </div>
        </div>
        {read ? (
          <Quiet>{t('sync:refusals.wasRead')}</Quiet>
        ) : (
          <Button size="small" onPress={onRead}>
            {t('sync:refusals.read')}
          </Button>
        )}
      </header>
      <p>
        {reasonText(code)} <Quiet>{useWhereabouts(refusal)}</Quiet>
      </p>
      <Words refusal={refusal} />
    </article>
  );
}

/** What became of the text: kept, not counted, and who can read it. */
function useWhereabouts({ fields, sealed, lead, mine }: Refusal): string {
  const { t } = useTranslation('sync');
  const name = useUserName()(lead);
  if (sealed) return t('refusals.sealed');
  if (fields === null) return name ? t('refusals.keptForLead', { name }) : t('refusals.keptForNobody');
  if (!mine) return t('refusals.keptByAuthor');
  return name ? t('refusals.keptFor', { name }) : t('refusals.kept');
}

function Words({ refusal }: RefusalItemProps | { readonly refusal: Refusal }) {
  const fieldLabel = useFieldLabel();
  const valueText = useValueText();
  const { fields, kind } = refusal;
  if (fields === null) return null;
  const words = Object.entries(fields)
    .map(([field, value]) => ({ field, text: valueText(kind, field, value) }))
    .filter(({ text }) => text !== '' && text !== '–');
  if (words.length === 0) return null;
  return (
    <dl className={styles.words}>
      {words.map(({ field, text }) => (
        <div key={field}>
          <dt>{fieldLabel(field)}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
}
