import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConflictView, VersionView } from '../../../shared/contract/views.ts';
import type { Json } from '../../../shared/json.ts';
import { useShortcut } from '../../app/shortcuts.ts';
import { editField, sendEdits } from '../../state/edit.ts';
import { useAction } from '../../state/useAction.ts';
import { Button } from '../../ui/button/Button.tsx';
import { ErrorNote } from '../../ui/feedback/ErrorNote.tsx';
import { toast } from '../../ui/feedback/toasts.ts';
import { FormActions } from '../../ui/field/Form.tsx';
import { Card } from '../../ui/layout/Card.tsx';
import { Stack } from '../../ui/layout/Page.tsx';
import { Quiet } from '../../ui/text/Quiet.tsx';
import styles from './conflicts.module.css';
import { ResultField } from './ResultField.tsx';
import { VersionCard } from './VersionCard.tsx';

interface ReviewProps {
  readonly conflict: ConflictView;
  readonly onDone: () => void;
}

/** One's own version first, so that it is always key 1. */
function inOrder(versions: readonly VersionView[]): readonly VersionView[] {
  return versions.toSorted((a, b) => Number(b.mine) - Number(a.mine) || a.at.localeCompare(b.at));
}

/** Base, mine and theirs side by side; the result below starts from the version shown now. */
export function Review({ conflict, onDone }: ReviewProps) {
  const { t } = useTranslation('conflicts');
  const { base, caseId, recordId: record, kind, field, saw } = conflict;
  const versions = inOrder(conflict.versions);
  const shown = versions.find((version) => version.shown) ?? versions[0];
  const [result, setResult] = useState<Json>(shown?.value ?? null);
  const save = useAction(sendEdits);
  const accept = async () => {
    const edit = editField({ record, kind }, field, { value: result, saw });
    if ((await save.run(caseId, edit)) === undefined) return;
    toast(t('resolved'));
    onDone();
  };
  const choose = (version: VersionView | undefined) => (version ? () => setResult(version.value) : null);
  useShortcut('Ctrl+Enter', t('accept'), () => void accept());
  useShortcut('1', t('mine'), choose(versions[0]));
  useShortcut('2', t('theirs'), choose(versions[1]));
  return (
    <Stack gap={5}>
      <div className={styles.versions}>
        <VersionCard title={t('base')} version={base} conflict={conflict} />
        {versions.map((version, index) => (
          <VersionCard
            key={version.change}
            title={t(version.mine ? 'mine' : 'theirs')}
            version={version}
            conflict={conflict}
            kbd={String(index + 1)}
            isChosen={JSON.stringify(result) === JSON.stringify(version.value)}
            onChoose={() => setResult(version.value)}
          />
        ))}
      </div>
      <Card title={t('result')} note={<Quiet>{t('resultHint')}</Quiet>}>
        <Stack>
          <ResultField conflict={conflict} value={result} onChange={setResult} />
          <ErrorNote error={save.error} />
          <FormActions>
            <Button tone="primary" kbd="Ctrl+Enter" onPress={() => void accept()} isPending={save.isPending}>
              {t('accept')}
            </Button>
          </FormActions>
        </Stack>
      </Card>
    </Stack>
  );
}
