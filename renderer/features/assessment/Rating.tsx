import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseView } from '../../../shared/contract/views.ts';
import { codings, type ItemAnswer, itemAnswerSchema } from '../../../shared/domain/kinds/assessment.ts';
import type { Answers } from '../../../shared/instruments/answers.ts';
import { isAnswered } from '../../../shared/instruments/answers.ts';
import { evaluatePrompts } from '../../../shared/instruments/prompts.ts';
import { type Instrument, itemsOf } from '../../../shared/instruments/schema.ts';
import { useShortcut } from '../../app/shortcuts.ts';
import { useDrafts } from '../../state/drafts.ts';
import { asItem, recordsOf, type Typed } from '../../state/record.ts';
import { mayEdit } from '../../state/rights.ts';
import { Button } from '../../ui/button/Button.tsx';
import { ErrorNote } from '../../ui/feedback/ErrorNote.tsx';
import { Note } from '../../ui/feedback/Note.tsx';
import { Card } from '../../ui/layout/Card.tsx';
import { Columns, Page, Stack } from '../../ui/layout/Page.tsx';
import { PageHeader } from '../../ui/layout/PageHeader.tsx';
import { LevelBadge } from '../../ui/status/LevelBadge.tsx';
import { Tag } from '../../ui/status/Tag.tsx';
import { Kbd } from '../../ui/text/Kbd.tsx';
import { Quiet } from '../../ui/text/Quiet.tsx';
import { AssessmentContext } from './AssessmentContext.tsx';
import styles from './assessment.module.css';
import { DecideDialog } from './DecideDialog.tsx';
import { EvidenceCard } from './EvidenceCard.tsx';
import { ItemDetail } from './ItemDetail.tsx';
import { ItemList } from './ItemList.tsx';
import { PromptNotes } from './PromptNotes.tsx';
import { emptyAnswer, previousOf, ratingOf } from './rating.ts';
import { SinceLastCard } from './SinceLastCard.tsx';

interface RatingProps {
  readonly view: CaseView;
  readonly assessment: Typed<'assessment'>;
  readonly instrument: Instrument;
}

/** Items on the left, the chosen one with its evidence on the right; every entry is stored at once. */
export function Rating({ view, assessment, instrument }: RatingProps) {
  const { t } = useTranslation(['assessments', 'cases']);
  const items = itemsOf(instrument);
  const [activeId, setActiveId] = useState(items[0]?.id ?? '');
  const [isDeciding, setDeciding] = useState(false);
  const [isLinking, setLinking] = useState(false);
  const drafts = useDrafts(asItem(assessment));
  const stored = useMemo(() => ratingOf(assessment), [assessment]);
  const answers = withDrafts(stored.answers, items, drafts.shownValue);
  const isSigned = Boolean(assessment.values.signature);
  const isReadOnly = isSigned || !mayEdit(view, 'assessment');
  const active = items.find(({ id }) => id === activeId) ?? items[0];
  const done = items.filter((item) => isAnswered(item, answers)).length;

  const answer = (itemId: string, part: Partial<ItemAnswer>, when: 'now' | 'soon' = 'now') => {
    if (isReadOnly) return;
    drafts.edit(`item.${itemId}`, { ...(answers[itemId] ?? emptyAnswer), ...part }, when);
  };
  const move = (step: number) => {
    const at = items.findIndex(({ id }) => id === activeId);
    const next = items[Math.min(items.length - 1, Math.max(0, at + step))];
    if (next) setActiveId(next.id);
  };
  useCodingKeys(
    active && active.answer === 'coding' && !isReadOnly ? (coding) => answer(active.id, { coding }) : null,
  );
  useShortcut('ArrowDown', t('keysMove'), () => move(1));
  useShortcut('ArrowUp', t('keysMove'), () => move(-1));
  useShortcut('B', t('linkEvidence'), isReadOnly ? null : () => setLinking(true));

  const assessments = recordsOf(view, 'assessment');
  const previous = previousOf(assessment, assessments);
  return (
    <Page>
      <PageHeader
        context={<AssessmentContext view={view} assessment={assessment} instrument={instrument} />}
        title={view.line.title}
        status={
          <LevelBadge level={isSigned ? (assessment.values.level ?? null) : view.line.level} size="large" />
        }
        actions={
          !isReadOnly &&
          mayEdit(view, 'case') && (
            <Button tone="primary" onPress={() => setDeciding(true)}>
              {t('decide')}
            </Button>
          )
        }
      />
      {isSigned && <Note>{t('readOnly')}</Note>}
      {isReadOnly && !isSigned && <Note>{t('cases:rights.readOnly')}</Note>}
      <ErrorNote error={drafts.error} />
      <Columns>
        <Card
          title={t('items')}
          padding="flush"
          note={<Tag>{t('coded', { done, total: items.length })}</Tag>}
          actions={!isReadOnly && <KeyHints />}
        >
          <ItemList
            instrument={instrument}
            answers={answers}
            evidence={stored.evidence}
            activeId={active?.id ?? ''}
            isReadOnly={isReadOnly}
            onChoose={setActiveId}
            onCode={(itemId, coding) => {
              setActiveId(itemId);
              answer(itemId, { coding });
            }}
          />
        </Card>
        <Stack gap={4}>
          {active && (
            <>
              <ItemDetail
                key={active.id}
                item={active}
                answer={answers[active.id] ?? null}
                isReadOnly={isReadOnly}
                onChange={(part, when) => answer(active.id, part, when)}
                onLeave={drafts.flush}
              />
              <EvidenceCard
                view={view}
                assessment={assessment}
                item={active}
                isReadOnly={isReadOnly}
                isLinking={isLinking}
                onLinking={setLinking}
              />
            </>
          )}
          <PromptNotes prompts={evaluatePrompts(instrument, answers)} />
          <SinceLastCard instrument={instrument} previous={previous} current={assessment} />
        </Stack>
      </Columns>
      {isDeciding && (
        <DecideDialog
          view={view}
          assessment={assessment}
          instrument={instrument}
          rating={{ answers, evidence: stored.evidence }}
          onClose={() => setDeciding(false)}
        />
      )}
    </Page>
  );
}

function KeyHints() {
  const { t } = useTranslation('assessments');
  return (
    <Quiet>
      <span className={styles.hints}>
        <span>
          <Kbd keys="1" />–<Kbd keys="4" /> {t('keysCode')}
        </span>
        <span>
          <Kbd keys="B" /> {t('keysEvidence')}
        </span>
        <span>
          <Kbd keys="↑" />
          <Kbd keys="↓" /> {t('keysMove')}
        </span>
      </span>
    </Quiet>
  );
}

/** The digits 1 to 4 code the chosen item wherever the focus is on the screen. */
function useCodingKeys(code: ((coding: ItemAnswer['coding']) => void) | null): void {
  const { t } = useTranslation('common');
  const run = (index: number) => {
    const coding = codings[index];
    return code && coding ? () => code(coding) : null;
  };
  useShortcut('1', t('term.coding.unknown'), run(0));
  useShortcut('2', t('term.coding.no-indication'), run(1));
  useShortcut('3', t('term.coding.possible'), run(2));
  useShortcut('4', t('term.coding.present'), run(3));
}

function withDrafts(
  stored: Answers,
  items: readonly { readonly id: string }[],
  shownValue: (field: string) => unknown,
): Answers {
  const answers: Record<string, ItemAnswer> = { ...stored };
  for (const { id } of items) {
    const typed = itemAnswerSchema.safeParse(shownValue(`item.${id}`));
    if (typed.success) answers[id] = typed.data;
  }
  return answers;
}
