import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { CaseView } from '../../../shared/contract/views.ts';
import type { Instrument } from '../../../shared/instruments/schema.ts';
import { useLanguage } from '../../i18n/useFormat.ts';
import { recordsOf, type Typed } from '../../state/record.ts';

interface ContextProps {
  readonly view: CaseView;
  readonly assessment: Typed<'assessment'>;
  readonly instrument: Instrument;
}

/** `Fall 2026-0147 · Bewertung 3 · Warnverhalten, Version 2.1` */
export function AssessmentContext({ view, assessment, instrument }: ContextProps) {
  const { t } = useTranslation(['cases', 'assessments']);
  const language = useLanguage();
  const number = recordsOf(view, 'assessment').findIndex(({ id }) => id === assessment.id) + 1;
  return (
    <>
      <Link href={`/cases/${view.line.id}/assessments`}>
        {t('cases:header.case', { number: view.line.number ?? t('cases:numberPending') })}
      </Link>
      {` · ${t('assessments:number', { number })} · ${instrument.title[language]}, ${t('assessments:version', { version: instrument.version })}`}
    </>
  );
}
