import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { type Scope, type SectionRight, sectionRights, sections } from '../../../shared/domain/sections.ts';
import { SegmentedControl } from '../../ui/field/SegmentedControl.tsx';
import { Quiet } from '../../ui/text/Quiet.tsx';
import styles from './team.module.css';

interface SectionRightsProps {
  readonly value: Scope;
  readonly onChange: (value: Scope) => void;
  readonly error: string | undefined;
}

/** For each part of the case: not, to read, or to write. */
export function SectionRights({ value, onChange, error }: SectionRightsProps) {
  const { t } = useTranslation(['cases', 'common']);
  const id = useId();
  const rights: readonly ('none' | SectionRight)[] = ['none', ...sectionRights];
  return (
    <fieldset className={styles.sections} aria-describedby={`${id}-hint`}>
      <legend className={styles.legend}>{t('cases:team.sections')}</legend>
      {sections.map((section) => (
        <div key={section} className={styles.section}>
          <span id={`${id}-${section}`}>{t(`common:term.section.${section}`)}</span>
          <SegmentedControl
            aria-labelledby={`${id}-${section}`}
            options={rights.map((right) => ({
              value: right,
              label: t(`common:term.sectionRight.${right}`),
            }))}
            value={value[section] ?? 'none'}
            onChange={(right) => {
              const { [section]: _before, ...rest } = value;
              onChange(right === 'none' ? rest : { ...rest, [section]: right });
            }}
          />
        </div>
      ))}
      <div id={`${id}-hint`}>
        <Quiet>{t('cases:team.sectionsHint')}</Quiet>
        {error !== undefined && (
          <p className={styles.error} role="alert">
            {error}
          </p>
        )}
      </div>
    </fieldset>
  );
}
