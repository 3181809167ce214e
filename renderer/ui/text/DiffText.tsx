import { diffWordsWithSpace } from 'diff';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from '../cx.ts';
import styles from './text.module.css';

interface DiffTextProps {
  /** What was there before. */
  readonly base: string;
  readonly text: string;
  /** `other` marks the version of somebody else in a second colour. */
  readonly tone?: 'own' | 'other';
  /** Show what is gone from the base too, struck through. */
  readonly showRemoved?: boolean;
  readonly className?: string;
}

/** A text with the words marked in which it differs from another one. */
export function DiffText({ base, text, tone = 'own', showRemoved = false, className }: DiffTextProps) {
  const { i18n } = useTranslation('common');
  const parts = useMemo(() => {
    const segmenter = new Intl.Segmenter(i18n.language, { granularity: 'word' });
    let at = 0;
    return diffWordsWithSpace(base, text, { intlSegmenter: segmenter }).map((part) => {
      at += 1;
      return { ...part, at };
    });
  }, [base, text, i18n.language]);
  return (
    <p className={cx(styles.diff, className)} data-tone={tone}>
      {parts.map((part) => {
        if (part.removed) {
          if (!showRemoved) return null;
          return <del key={part.at}>{part.value}</del>;
        }
        return part.added ? <ins key={part.at}>{part.value}</ins> : <span key={part.at}>{part.value}</span>;
      })}
    </p>
  );
}
