import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseView } from '../../../shared/contract/views.ts';
import { type KindName, kindSpec } from '../../../shared/domain/kinds.ts';
import { asItem, type Typed } from '../../state/record.ts';
import { sealedIn } from '../../state/rights.ts';
import { type Description, DescriptionList } from '../../ui/layout/DescriptionList.tsx';
import { Stack } from '../../ui/layout/Page.tsx';
import { Dialog } from '../../ui/overlay/Dialog.tsx';
import { Quiet } from '../../ui/text/Quiet.tsx';
import { SealedButton } from '../team/SealedButton.tsx';
import { useFieldLabel } from './labels.ts';
import { useValueText } from './values.ts';

interface RecordDetailProps {
  readonly view: CaseView;
  readonly record: Typed<KindName>;
  readonly title: string;
  readonly onClose: () => void;
}

/** A record for whoever may read it and not change it: every field, nothing to press. */
export function RecordDetail({ view, record, title, onClose }: RecordDetailProps) {
  const { t } = useTranslation('cases');
  const fieldLabel = useFieldLabel();
  const valueText = useValueText();
  const { kind, values } = asItem(record);
  const sealed = sealedIn(view, record.id);
  const items = Object.entries(kindSpec(kind)?.fields ?? {}).flatMap(([field, spec]): Description[] => {
    const value = values[field];
    const isSealed = sealed !== undefined && spec.compartment === sealed.compartment;
    if (isSealed) {
      return [{ term: fieldLabel(field), value: <SealedButton caseId={view.line.id} part={sealed} /> }];
    }
    // Of what is sealed and not there, not even the place is shown.
    if (spec.internal || (spec.compartment !== undefined && value === undefined)) return [];
    const text: ReactNode = value === undefined || value === null ? null : valueText(kind, field, value);
    return [{ term: fieldLabel(field), value: text }];
  });
  return (
    <Dialog title={title} isOpen onClose={onClose}>
      <Stack gap={4}>
        <DescriptionList items={items} />
        <Quiet>{t('rights.readOnly')}</Quiet>
      </Stack>
    </Dialog>
  );
}
