import { useTranslation } from 'react-i18next';
import type { BesideView, ConflictView, VersionView } from '../../../shared/contract/conflictViews.ts';
import { useShortcut } from '../../app/shortcuts.ts';
import { removeRecord, restoreRecord } from '../../state/edit.ts';
import { Button } from '../../ui/button/Button.tsx';
import { ErrorNote } from '../../ui/feedback/ErrorNote.tsx';
import { FormActions } from '../../ui/field/Form.tsx';
import { Card } from '../../ui/layout/Card.tsx';
import { DescriptionList } from '../../ui/layout/DescriptionList.tsx';
import { Stack } from '../../ui/layout/Page.tsx';
import { DiffText } from '../../ui/text/DiffText.tsx';
import { Quiet } from '../../ui/text/Quiet.tsx';
import { useFieldLabel } from '../cases/labels.ts';
import { useValueText } from '../cases/values.ts';
import { Author } from './Author.tsx';
import styles from './conflicts.module.css';
import { useResolve } from './useResolve.ts';

interface RemovalChoiceProps {
  readonly conflict: ConflictView;
  readonly onDone: () => void;
}

/** A record was removed by one and edited by another: what it says, what was written meanwhile, and whether it stays. */
export function RemovalChoice({ conflict, onDone }: RemovalChoiceProps) {
  const { t } = useTranslation('conflicts');
  const { recordId: record, kind, saw, versions, beside } = conflict;
  const target = { record, kind };
  const resolve = useResolve(conflict, onDone);
  const keep = () => void resolve.run({ edit: restoreRecord(target, saw), undo: () => removeRecord(target) });
  const remove = () =>
    void resolve.run({
      edit: removeRecord(target),
      undo: (resolved) => restoreRecord(target, resolved),
    });
  useShortcut('1', t('keep'), keep);
  useShortcut('2', t('remove'), remove);
  return (
    <Stack gap={5}>
      <div className={styles.versions}>
        <Card title={t('edited')}>
          <Stack gap={4}>
            {beside.map((one) => (
              <Written key={`${one.after.change} ${one.field}`} one={one} kind={kind} />
            ))}
          </Stack>
        </Card>
        <Card title={t('removed')}>
          <Stack gap={3}>
            {versions
              .filter(({ value }) => value === true)
              .map((version: VersionView) => (
                <Author key={version.change} version={version} />
              ))}
            <Quiet>{t('removedHint')}</Quiet>
          </Stack>
        </Card>
      </div>
      <Card title={t('decide')} note={<Quiet>{t('removalHint')}</Quiet>}>
        <Stack gap={3}>
          <ErrorNote error={resolve.error} />
          <FormActions>
            <Button tone="primary" kbd="1" onPress={keep} isPending={resolve.isPending}>
              {t('keep')}
            </Button>
            <Button tone="danger" kbd="2" onPress={remove} isPending={resolve.isPending}>
              {t('remove')}
            </Button>
          </FormActions>
        </Stack>
      </Card>
      <Content conflict={conflict} />
    </Stack>
  );
}

/** One field as its author left it, with what is new in it marked. */
function Written({ one, kind }: { readonly one: BesideView; readonly kind: string }) {
  const { t } = useTranslation('conflicts');
  const fieldLabel = useFieldLabel();
  const valueText = useValueText();
  const { field, before, after } = one;
  const text = valueText(kind, field, after.value);
  const isText = typeof after.value === 'string' && text === after.value;
  return (
    <div className={styles.written}>
      <b>{fieldLabel(field)}</b>
      {isText ? (
        <DiffText base={typeof before === 'string' ? before : ''} text={text} tone="other" showRemoved />
      ) : (
        <p>{text || t('emptyValue')}</p>
      )}
      <Author version={after} />
    </div>
  );
}

/** What the record says now. */
function Content({ conflict: { values, kind, recordTitle } }: { readonly conflict: ConflictView }) {
  const { t } = useTranslation('conflicts');
  const fieldLabel = useFieldLabel();
  const valueText = useValueText();
  const items = Object.entries(values)
    .map(([field, value]) => ({ term: fieldLabel(field), value: valueText(kind, field, value) }))
    .filter(({ value }) => value !== '' && value !== '–');
  return (
    <Card title={t('content')}>
      {items.length > 0 ? <DescriptionList items={items} layout="stacked" /> : <p>{recordTitle}</p>}
    </Card>
  );
}
