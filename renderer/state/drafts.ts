/**
 * Autosave for the fields of a record. What a person types is shown at once, sent after a short pause, and
 * kept on the screen until the record that comes back contains it.
 *
 * `saw` is taken when the first key is pressed: a change by somebody else that arrives while the person is
 * still typing was not in view, so the two become a conflict to look at and nothing is overwritten. After the
 * own edit is stored, the next one has seen it.
 */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { RecordItem } from '../../shared/contract/views.ts';
import { type TmaError, toTmaError } from '../../shared/errors.ts';
import type { ChangeId } from '../../shared/ids.ts';
import type { Json } from '../../shared/json.ts';
import { editField, sendEdits } from './edit.ts';

/** Pause in typing after which a text is stored. */
const pauseMs = 600;

interface Draft {
  readonly value: Json;
  readonly saw: readonly ChangeId[];
  /** Counts edits of this field, to tell whether it changed while it was being sent. */
  readonly turn: number;
  /** The stored change, until the record shows it. */
  readonly stored: ChangeId | null;
}

export interface Drafts {
  /** The value to show: what was typed last, else the record's. */
  shownValue(field: string): Json | undefined;
  /** Takes a new value; `soon` waits for a pause in typing. */
  edit(field: string, value: Json, when: 'now' | 'soon'): void;
  /** Stores what still waits: on leaving a field. */
  flush(): void;
  readonly error: TmaError | null;
}

export function useDrafts(record: RecordItem): Drafts {
  const [drafts, setDrafts] = useState<ReadonlyMap<string, Draft>>(new Map());
  const [error, setError] = useState<TmaError | null>(null);
  const now = useRef({
    record,
    drafts,
    chain: Promise.resolve(),
    timer: 0 as ReturnType<typeof setTimeout> | 0,
  });
  now.current.record = record;

  const put = useCallback((next: ReadonlyMap<string, Draft>) => {
    now.current.drafts = next;
    setDrafts(next);
  }, []);

  const store = useCallback(
    async (field: string) => {
      const draft = now.current.drafts.get(field);
      if (draft === undefined || draft.stored !== null) return;
      const { id: record, kind, caseId } = now.current.record;
      try {
        const { changes } = await sendEdits(caseId, editField({ record, kind }, field, draft));
        const stored = changes[0] ?? null;
        const current = now.current.drafts.get(field);
        if (current === undefined || stored === null) return;
        const next = current.turn === draft.turn ? { ...current, stored } : { ...current, saw: [stored] };
        put(new Map(now.current.drafts).set(field, next));
        setError(null);
      } catch (thrown) {
        setError(toTmaError(thrown));
      }
    },
    [put],
  );

  const flush = useCallback(() => {
    clearTimeout(now.current.timer);
    now.current.timer = 0;
    // One after the other, so that an edit has seen the one before it.
    now.current.chain = now.current.chain.then(async () => {
      for (const field of now.current.drafts.keys()) await store(field);
    });
  }, [store]);

  const edit = useCallback(
    (field: string, value: Json, when: 'now' | 'soon') => {
      const before = now.current.drafts.get(field);
      const seen = before?.stored ? [before.stored] : before?.saw;
      const saw = seen ?? now.current.record.saw[field] ?? [];
      put(
        new Map(now.current.drafts).set(field, { value, saw, turn: (before?.turn ?? 0) + 1, stored: null }),
      );
      clearTimeout(now.current.timer);
      if (when === 'now') flush();
      else now.current.timer = setTimeout(flush, pauseMs);
    },
    [put, flush],
  );

  // The record has caught up: it is shown again, with whatever others wrote.
  useEffect(() => {
    const left = [...drafts].filter(([field, draft]) => !hasCaughtUp(draft, record.saw[field] ?? []));
    if (left.length < drafts.size) put(new Map(left));
  }, [record, drafts, put]);
  useEffect(() => () => flush(), [flush]);

  return {
    shownValue: (field) => (drafts.has(field) ? drafts.get(field)?.value : record.values[field]),
    edit,
    flush,
    error,
  };
}

/** The stored change is in view, or the record has moved on from what the draft had seen. */
function hasCaughtUp(draft: Draft, inView: readonly ChangeId[]): boolean {
  if (draft.stored === null) return false;
  return inView.includes(draft.stored) || !draft.saw.every((change) => inView.includes(change));
}
