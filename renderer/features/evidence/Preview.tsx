import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { shownAs } from '../../../shared/domain/mediaTypes.ts';
import { type TmaError, toTmaError } from '../../../shared/errors.ts';
import type { CaseId, RecordId } from '../../../shared/ids.ts';
import { client } from '../../app/client.ts';
import { ErrorNote } from '../../ui/feedback/ErrorNote.tsx';
import { ProgressBar } from '../../ui/feedback/Progress.tsx';
import { Quiet } from '../../ui/text/Quiet.tsx';
import styles from './evidence.module.css';
import type { EvidenceRecord } from './types.ts';

/** What a page can hold without strain; more is for another program. */
const mostBytes = { image: 25_000_000, text: 1_000_000 } as const;

interface Shown {
  /** Address of the picture, or the text. */
  readonly content: string | null;
  readonly doneBytes: number;
  readonly error: TmaError | null;
}

/** A picture or a text, decrypted into this page and gone with it. */
export function Preview({ evidence }: { readonly evidence: EvidenceRecord }) {
  const { t } = useTranslation('evidence');
  const { values, caseId, id } = evidence;
  const sizeBytes = values.sizeBytes ?? 0;
  const kind = shownAs(values.mediaType);
  const isTooLarge = kind === null || sizeBytes > mostBytes[kind];
  const { content, doneBytes, error } = useContent(isTooLarge ? null : kind, {
    caseId,
    recordId: id,
    mediaType: values.mediaType ?? '',
  });
  if (isTooLarge) return <Quiet>{t('tooLargeToShow')}</Quiet>;
  if (error !== null) return <ErrorNote error={error} />;
  if (content === null) {
    return <ProgressBar label={t('showing')} done={doneBytes} total={sizeBytes} unit="bytes" />;
  }
  const label = t('preview', { name: values.name ?? '' });
  if (kind === 'image') return <img className={styles.picture} src={content} alt={label} />;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
    <section className={styles.text} aria-label={label} tabIndex={0}>
      {content}
    </section>
  );
}

interface Wanted {
  readonly caseId: CaseId;
  readonly recordId: RecordId;
  readonly mediaType: string;
}

function useContent(kind: 'image' | 'text' | null, { caseId, recordId, mediaType }: Wanted): Shown {
  const [shown, setShown] = useState<Shown>({ content: null, doneBytes: 0, error: null });
  useEffect(() => {
    let isOver = kind === null;
    let address: string | null = null;
    const read = async (): Promise<void> => {
      const pieces: Uint8Array<ArrayBuffer>[] = [];
      for (let chunk = 0, doneBytes = 0, isLast = isOver; !isLast && !isOver; chunk++) {
        const answer = await client.call('evidence.read', { caseId, recordId, chunk });
        const bytes = Uint8Array.from(atob(answer.bytes), (letter) => letter.charCodeAt(0));
        pieces.push(bytes);
        doneBytes += bytes.length;
        isLast = answer.isLast;
        setShown({ content: null, doneBytes, error: null });
      }
      if (isOver) return;
      const blob = new Blob(pieces, { type: mediaType });
      if (kind === 'image') address = URL.createObjectURL(blob);
      setShown({ content: address ?? (await blob.text()), doneBytes: blob.size, error: null });
    };
    read().catch((thrown: unknown) => {
      if (!isOver) setShown({ content: null, doneBytes: 0, error: toTmaError(thrown) });
    });
    return () => {
      isOver = true;
      if (address !== null) URL.revokeObjectURL(address);
    };
  }, [kind, caseId, recordId, mediaType]);
  return shown;
}
