import { useTranslation } from 'react-i18next';
import type { SearchHit } from '../../../shared/contract/views.ts';
import { LevelBadge } from '../../ui/status/LevelBadge.tsx';
import { Quiet } from '../../ui/text/Quiet.tsx';
import { useKindLabel } from '../cases/labels.ts';
import styles from './search.module.css';

/** `2026-0147 · Drohungen nach Versetzung`, and below it the passage with the matches marked. */
export function HitText({ hit }: { readonly hit: SearchHit }) {
  const { t } = useTranslation('cases');
  const kindLabel = useKindLabel();
  return (
    <span className={styles.hit}>
      <span className={styles.hitHead}>
        <b>
          {hit.number ?? t('numberPending')} · {hit.caseTitle}
        </b>
        <LevelBadge level={hit.level} />
      </span>
      <span>
        <Quiet>{kindLabel(hit.kind)}:</Quiet> <Marked text={hit.snippet} />
      </span>
    </span>
  );
}

interface Passage {
  readonly at: number;
  readonly text: string;
  readonly isMatch: boolean;
}

/** Matches stand between U+0001 and U+0002, so no text of a case can be mistaken for markup. */
function passages(snippet: string): readonly Passage[] {
  let at = 0;
  return snippet.split('\u0001').flatMap((part, index) => {
    const [first = '', second] = part.split('\u0002');
    const parts =
      index === 0
        ? [{ text: part, isMatch: false }]
        : [
            { text: first, isMatch: true },
            { text: second ?? '', isMatch: false },
          ];
    return parts.map((passage) => {
      at += 1;
      return { ...passage, at };
    });
  });
}

function Marked({ text }: { readonly text: string }) {
  return passages(text).map(({ at, text: words, isMatch }) =>
    isMatch ? <mark key={at}>{words}</mark> : <span key={at}>{words.replaceAll('\n', ' · ')}</span>,
  );
}
