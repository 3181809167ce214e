import { type RefObject, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { type Coding, codings } from '../../../shared/domain/kinds/assessment.ts';
import { type Answers, answerOf, type Evidence, evidenceFor } from '../../../shared/instruments/answers.ts';
import type { Instrument, InstrumentItem } from '../../../shared/instruments/schema.ts';
import { useLanguage } from '../../i18n/useFormat.ts';
import { SegmentedControl } from '../../ui/field/SegmentedControl.tsx';
import { Tag } from '../../ui/status/Tag.tsx';
import { Quiet } from '../../ui/text/Quiet.tsx';
import styles from './assessment.module.css';

interface ItemListProps {
  readonly instrument: Instrument;
  readonly answers: Answers;
  readonly evidence: Evidence;
  readonly activeId: string;
  readonly isReadOnly: boolean;
  readonly onChoose: (itemId: string) => void;
  readonly onCode: (itemId: string, coding: Coding) => void;
}

/**
 * All items by section, each with its coding. The chosen row is the one that Tab stops at, so that the next stops
 * are its coding and then its details.
 */
export function ItemList(props: ItemListProps) {
  const language = useLanguage();
  const list = useRef<HTMLDivElement>(null);
  useFollowing(list, props.activeId);
  const { instrument } = props;
  let number = 0;
  return (
    <div ref={list} className={styles.items}>
      {instrument.sections.map((section) => (
        <section key={section.id} aria-label={section.title[language]}>
          {instrument.sections.length > 1 && <h3 className={styles.section}>{section.title[language]}</h3>}
          <ol className={styles.list}>
            {section.items.map((item) => {
              number += 1;
              return <ItemRow key={item.id} {...props} item={item} number={number} />;
            })}
          </ol>
        </section>
      ))}
    </div>
  );
}

/** Keeps the chosen row in view, and the focus on it when it is in the list. */
function useFollowing(list: RefObject<HTMLDivElement | null>, activeId: string): void {
  const shown = useRef(activeId);
  useEffect(() => {
    if (shown.current === activeId) return;
    shown.current = activeId;
    const row = list.current?.querySelector('[data-active]');
    row?.scrollIntoView({ block: 'nearest' });
    const { activeElement } = document;
    if (row && list.current?.contains(activeElement) && !row.contains(activeElement)) {
      row.querySelector('button')?.focus({ preventScroll: true });
    }
  }, [list, activeId]);
}

interface ItemRowProps extends ItemListProps {
  readonly item: InstrumentItem;
  readonly number: number;
}

function ItemRow({ item, number, answers, evidence, activeId, isReadOnly, onChoose, onCode }: ItemRowProps) {
  const { t } = useTranslation(['assessments', 'common']);
  const language = useLanguage();
  const answer = answerOf(answers, item.id);
  const linked = evidenceFor(evidence, item.id).length;
  const isActive = item.id === activeId;
  const title = item.title[language];
  return (
    <li className={styles.row} data-active={isActive || undefined}>
      <span className={styles.number} aria-hidden="true">
        {number}
      </span>
      <button
        type="button"
        className={styles.name}
        aria-pressed={isActive}
        tabIndex={isActive ? 0 : -1}
        onClick={() => onChoose(item.id)}
        onFocus={() => onChoose(item.id)}
      >
        <b>{title}</b>
        <span className={styles.description}>{item.description[language]}</span>
      </button>
      <span className={styles.coding}>
        {item.answer === 'coding' ? (
          <SegmentedControl
            aria-label={`${title}: ${t('assessments:coding')}`}
            options={codings.map((value) => ({ value, label: t(`common:term.coding.${value}`) }))}
            value={answer?.coding ?? null}
            isDisabled={isReadOnly}
            isTabStop={isActive}
            onChange={(coding) => onCode(item.id, coding)}
          />
        ) : (
          <span className={styles.narrative}>
            {answer?.note || <Quiet>{t('assessments:notCoded')}</Quiet>}
          </span>
        )}
      </span>
      <span className={styles.marks}>
        {answer?.change && <Tag>{t(`common:term.codingChange.${answer.change}`)}</Tag>}
        <Quiet>
          {linked > 0
            ? t('assessments:evidence', { count: linked })
            : answer?.coding === 'unknown'
              ? t('assessments:gap')
              : ''}
        </Quiet>
      </span>
    </li>
  );
}
