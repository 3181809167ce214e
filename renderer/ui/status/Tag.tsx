import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ObservationNature } from '../../../shared/domain/kinds/observation.ts';
import { Icon } from '../icon/Icon.tsx';
import styles from './status.module.css';

export type TagTone = 'neutral' | 'accent' | 'ok' | 'warn' | 'danger';

interface TagProps {
  readonly children: ReactNode;
  readonly tone?: TagTone;
}

/** A short word about a thing: a status, a count, a change. */
export function Tag({ children, tone = 'neutral' }: TagProps) {
  return (
    <span className={styles.tag} data-tone={tone}>
      {children}
    </span>
  );
}

const natureShapes: Readonly<Record<ObservationNature, string>> = {
  fact: 'M2 2h8v8H2z',
  hearsay: 'M6 1.2 10.8 6 6 10.8 1.2 6z',
  inference: 'M6 1.5 11 10.2H1z',
  missing: 'M2.5 6h7',
};

/** What an observation is worth as knowledge: fact, hearsay, inference or missing, in colour, shape and word. */
export function KindTag({ nature }: { readonly nature: ObservationNature }) {
  const { t } = useTranslation('common');
  return (
    <span className={styles.kind} data-kind={nature}>
      <svg viewBox="0 0 12 12" className={styles.kindShape} aria-hidden="true" focusable="false">
        <path
          d={natureShapes[nature]}
          fill={nature === 'fact' ? 'currentColor' : 'none'}
          stroke="currentColor"
          strokeWidth="1.6"
          strokeLinejoin="round"
          strokeLinecap="round"
        />
      </svg>
      {t(`term.nature.${nature}`)}
    </span>
  );
}

interface PersonChipProps {
  readonly name: string;
  /** The part the person has in the case. */
  readonly part?: string | undefined;
}

/** A person by name and part. No picture and no initials in a coloured disc: a face is not data of a case. */
export function PersonChip({ name, part }: PersonChipProps) {
  return (
    <span className={styles.person}>
      <Icon name="person" size={14} />
      <span>{name}</span>
      {part !== undefined && <span className={styles.personPart}>{part}</span>}
    </span>
  );
}
