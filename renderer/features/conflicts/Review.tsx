import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConflictView, VersionView } from '../../../shared/contract/conflictViews.ts';
import { itemAnswerSchema } from '../../../shared/domain/kinds/assessment.ts';
import type { Json } from '../../../shared/json.ts';
import { useShortcut } from '../../app/shortcuts.ts';
import { useLanguage } from '../../i18n/useFormat.ts';
import { editField } from '../../state/edit.ts';
import { useUserName } from '../../state/reference.ts';
import { Button } from '../../ui/button/Button.tsx';
import { ErrorNote } from '../../ui/feedback/ErrorNote.tsx';
import { Switch } from '../../ui/field/Choice.tsx';
import { FormActions } from '../../ui/field/Form.tsx';
import { Card } from '../../ui/layout/Card.tsx';
import { Stack } from '../../ui/layout/Page.tsx';
import { Quiet } from '../../ui/text/Quiet.tsx';
import styles from './conflicts.module.css';
import { proposal } from './proposal.ts';
import { acceptsFreeText, ResultField } from './ResultField.tsx';
import { useResolve } from './useResolve.ts';
import { VersionCard } from './VersionCard.tsx';

interface ReviewProps {
  readonly conflict: ConflictView;
  readonly onDone: () => void;
}

/** One's own version first, so that it is always key 1. */
function inOrder(versions: readonly VersionView[]): readonly VersionView[] {
  return versions.toSorted((a, b) => Number(b.mine) - Number(a.mine) || a.at.localeCompare(b.at));
}

const isSame = (a: Json, b: Json): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Base, mine and theirs side by side; the result below starts from the version shown now. */
export function Review({ conflict, onDone }: ReviewProps) {
  const { t } = useTranslation('conflicts');
  const { base, recordId: record, kind, field, saw, settled } = conflict;
  const versions = inOrder(conflict.versions);
  const shown = versions.find((version) => version.shown) ?? versions[0];
  const [result, setResult] = useState<Json>(settled?.value ?? shown?.value ?? null);
  const [showRemoved, setShowRemoved] = useState(false);
  const writing = useRef<HTMLTextAreaElement>(null);
  const titleOf = useTitleOf(versions);
  const joined = proposal(conflict, versions, useLanguage());
  const resolve = useResolve(conflict, onDone);
  const isText = acceptsFreeText(conflict) || itemAnswerSchema.safeParse(result).success;
  const accept = () => {
    const target = { record, kind };
    const before = settled?.value ?? shown?.value ?? null;
    void resolve.run({
      edit: editField(target, field, { value: result, saw }),
      // A level is decided with its reasons; there is no way back that leaves them out.
      ...(!(kind === 'case' && field === 'level') && {
        undo: (resolved) => editField(target, field, { value: before, saw: resolved }),
      }),
    });
  };
  const join = joined === null ? null : () => setResult(joined);
  const nth = (index: number) => {
    const version = versions[index];
    return version ? () => setResult(version.value) : null;
  };
  useShortcut('Ctrl+Enter', t('accept'), accept);
  useShortcut('0', t('base'), base ? () => setResult(base.value) : null);
  useShortcut('1', titleOf(versions[0]), nth(0));
  useShortcut('2', titleOf(versions[1]), nth(1));
  useShortcut('3', titleOf(versions[2]), nth(2));
  useShortcut('B', t('join'), join);
  useShortcut('E', t('write'), isText ? () => writing.current?.focus() : null);
  return (
    <Stack gap={5}>
      <Stack gap={3}>
        <div className={styles.versions}>
          <VersionCard
            title={t('base')}
            version={base}
            conflict={conflict}
            kbd="0"
            isBase
            isChosen={base !== null && isSame(result, base.value)}
            onChoose={() => setResult(base?.value ?? null)}
            showRemoved={false}
          />
          {versions.map((version, index) => (
            <VersionCard
              key={version.change}
              title={titleOf(version)}
              version={version}
              conflict={conflict}
              kbd={String(index + 1)}
              isChosen={isSame(result, version.value)}
              onChoose={() => setResult(version.value)}
              showRemoved={showRemoved}
            />
          ))}
        </div>
        {base !== null && isText && (
          <Switch isSelected={showRemoved} onChange={setShowRemoved}>
            {t('showRemoved')}
          </Switch>
        )}
      </Stack>
      <Card title={t('result')} note={<Quiet>{t('resultHint')}</Quiet>}>
        <Stack>
          <ResultField conflict={conflict} value={result} onChange={setResult} inputRef={writing} />
          <ErrorNote error={resolve.error} />
          <FormActions>
            <Button tone="primary" kbd="Ctrl+Enter" onPress={accept} isPending={resolve.isPending}>
              {t('accept')}
            </Button>
            {join && (
              <Button kbd="B" onPress={join}>
                {t('join')}
              </Button>
            )}
            {isText && (
              <Button tone="quiet" kbd="E" onPress={() => writing.current?.focus()}>
                {t('write')}
              </Button>
            )}
          </FormActions>
        </Stack>
      </Card>
    </Stack>
  );
}

/** Mine and the other one; where none is mine, or several are not, each by the name of its author. */
function useTitleOf(versions: readonly VersionView[]): (version: VersionView | undefined) => string {
  const { t } = useTranslation('conflicts');
  const userName = useUserName();
  const others = versions.filter((version) => !version.mine).length;
  return (version) => {
    if (version?.mine) return t('mine');
    const name = userName(version?.user);
    return name === null || (others === 1 && versions.length > 1) ? t('theirs') : name;
  };
}
