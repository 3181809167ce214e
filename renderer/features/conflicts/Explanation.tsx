import { useTranslation } from 'react-i18next';
import type { ConflictView } from '../../../shared/contract/conflictViews.ts';
import { fieldSpec } from '../../../shared/domain/fields.ts';
import { itemAnswerSchema } from '../../../shared/domain/kinds/assessment.ts';
import { kindSpec } from '../../../shared/domain/kinds.ts';
import { removedField } from '../../../shared/sync/change.ts';
import { useUserName } from '../../state/reference.ts';
import { Note } from '../../ui/feedback/Note.tsx';
import { DateTime } from '../../ui/text/DateTime.tsx';
import { Quiet } from '../../ui/text/Quiet.tsx';
import { useValueText } from '../cases/values.ts';
import { acceptsFreeText } from './ResultField.tsx';

/** Why there are several versions, and what is shown everywhere until somebody decides. */
export function Explanation({ conflict }: { readonly conflict: ConflictView }) {
  const { t } = useTranslation('conflicts');
  const valueText = useValueText();
  const userName = useUserName();
  const { kind, field, settled, versions } = conflict;
  if (settled !== null) {
    const name = userName(settled.user);
    return (
      <Note tone="ok" title={t('settled')}>
        {name !== null && `${name}, `}
        <DateTime value={settled.at} />. {t('settledHint')}
      </Note>
    );
  }
  if (field === removedField) return <Quiet>{t('explainRemoved')}</Quiet>;
  const spec = kindSpec(kind);
  const isDecision = spec !== undefined && fieldSpec(spec, field)?.policy === 'decision';
  const isText = acceptsFreeText(conflict) || itemAnswerSchema.safeParse(versions[0]?.value).success;
  const shown = versions.find((version) => version.shown);
  const value = shown && (valueText(kind, field, shown.value) || t('emptyValue'));
  return (
    <Quiet>
      {t(isText ? 'explain' : 'explainChoice')}{' '}
      {isDecision && value ? t('explainDecision', { value }) : t('explainValue')}
    </Quiet>
  );
}
