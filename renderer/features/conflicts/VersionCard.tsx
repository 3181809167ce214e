import { useTranslation } from 'react-i18next';
import type { ConflictView, VersionView } from '../../../shared/contract/conflictViews.ts';
import { itemAnswerSchema } from '../../../shared/domain/kinds/assessment.ts';
import { concernLevelSchema } from '../../../shared/domain/levels.ts';
import { Button } from '../../ui/button/Button.tsx';
import { Card } from '../../ui/layout/Card.tsx';
import { Stack } from '../../ui/layout/Page.tsx';
import { LevelBadge } from '../../ui/status/LevelBadge.tsx';
import { Tag } from '../../ui/status/Tag.tsx';
import { DiffText } from '../../ui/text/DiffText.tsx';
import { Quiet, ScreenReaderOnly } from '../../ui/text/Quiet.tsx';
import { useValueText } from '../cases/values.ts';
import { Author } from './Author.tsx';

interface VersionCardProps {
  readonly title: string;
  /** Null where nothing had been entered. */
  readonly version: VersionView | null;
  readonly conflict: ConflictView;
  readonly kbd: string;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
  /** It is what everyone had seen: the others are told by what differs from it. */
  readonly isBase?: boolean;
  /** Shows what is gone from the base, struck through. */
  readonly showRemoved: boolean;
}

/** One version: what it says, who wrote it, when, and on which laptop. */
export function VersionCard(props: VersionCardProps) {
  const { title, version, conflict, kbd, isChosen, onChoose, isBase = false, showRemoved } = props;
  const { t } = useTranslation('conflicts');
  return (
    <Card
      title={title}
      tone={isChosen ? 'chosen' : 'normal'}
      actions={
        version !== null && (
          <Button size="small" tone="quiet" onPress={onChoose} kbd={kbd}>
            {t('use')}
            <ScreenReaderOnly>{title}</ScreenReaderOnly>
          </Button>
        )
      }
    >
      {version === null ? (
        <Quiet>{t('noBase')}</Quiet>
      ) : (
        <Stack gap={3}>
          <VersionValue version={version} conflict={conflict} isBase={isBase} showRemoved={showRemoved} />
          <Author version={version} tellsShown={conflict.settled === null} />
        </Stack>
      )}
    </Card>
  );
}

interface VersionValueProps {
  readonly version: VersionView;
  readonly conflict: ConflictView;
  readonly isBase: boolean;
  readonly showRemoved: boolean;
}

/** The value in the form a reader knows it in; texts with their difference to the base marked. */
function VersionValue({ version, conflict, isBase, showRemoved }: VersionValueProps) {
  const { t } = useTranslation(['conflicts', 'common']);
  const valueText = useValueText();
  const { value, mine } = version;
  const tone = mine ? 'own' : 'other';
  const level = concernLevelSchema.safeParse(value);
  if (conflict.field === 'level' && level.success) return <LevelBadge level={level.data} size="large" />;
  const answer = itemAnswerSchema.safeParse(value);
  if (answer.success) {
    const before = itemAnswerSchema.safeParse(conflict.base?.value);
    return (
      <>
        <Tag tone="accent">{t(`common:term.coding.${answer.data.coding}`)}</Tag>
        {isBase ? (
          <p>{answer.data.note}</p>
        ) : (
          <DiffText
            base={before.success ? before.data.note : ''}
            text={answer.data.note}
            tone={tone}
            showRemoved={showRemoved}
          />
        )}
      </>
    );
  }
  const text = value === null ? t('conflicts:emptyValue') : valueText(conflict.kind, conflict.field, value);
  const before = conflict.base?.value;
  return !isBase && typeof value === 'string' && typeof before === 'string' && text === value ? (
    <DiffText base={before} text={value} tone={tone} showRemoved={showRemoved} />
  ) : (
    <p>{text}</p>
  );
}
