import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SealedPart } from '../../../shared/contract/views.ts';
import type { CaseId } from '../../../shared/ids.ts';
import { Button } from '../../ui/button/Button.tsx';
import { useKindLabel } from '../cases/labels.ts';
import { BreakGlassDialog } from './BreakGlassDialog.tsx';
import styles from './team.module.css';

interface SealedButtonProps {
  readonly caseId: CaseId;
  readonly part: SealedPart;
  /** Where the button stands in a form: who opens the dialog outside it. */
  readonly onPress?: () => void;
}

/** Stands where something sealed would: says that it is there, and leads to opening it. */
export function SealedButton({ caseId, part, onPress }: SealedButtonProps) {
  const { t } = useTranslation(['cases', 'common']);
  const kindLabel = useKindLabel();
  const [isAsking, setAsking] = useState(false);
  const name = t(`common:term.compartment.${part.compartment}`);
  const text = part.whole ? t('cases:sealed.whole', { kind: kindLabel(part.kind) }) : t('cases:sealed.field');
  return (
    <span className={styles.sealed}>
      <Button size="small" onPress={onPress ?? (() => setAsking(true))} aria-label={`${name}: ${text}`}>
        {text}
      </Button>
      {isAsking && (
        <BreakGlassDialog caseId={caseId} compartment={part.compartment} onClose={() => setAsking(false)} />
      )}
    </span>
  );
}
