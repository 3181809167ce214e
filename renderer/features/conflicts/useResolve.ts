import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { ConflictView } from '../../../shared/contract/conflictViews.ts';
import type { RecordEdit } from '../../../shared/contract/procedures.ts';
import { type TmaError, toTmaError } from '../../../shared/errors.ts';
import type { ChangeId } from '../../../shared/ids.ts';
import { useErrorText } from '../../i18n/errorText.ts';
import { sendEdits } from '../../state/edit.ts';
import { useAction } from '../../state/useAction.ts';
import { toast } from '../../ui/feedback/toasts.ts';
import { conflictPath } from './paths.ts';

interface Resolution {
  readonly edit: RecordEdit;
  /** The way back: an edit that names the changes of the resolution as what it replaces. */
  readonly undo?: (resolved: readonly ChangeId[]) => RecordEdit;
}

export interface Resolve {
  readonly run: (resolution: Resolution) => Promise<void>;
  readonly isPending: boolean;
  readonly error: TmaError | null;
}

/** Settles a conflict with an ordinary edit, offers the way back, and goes on. */
export function useResolve(conflict: ConflictView, onDone: () => void): Resolve {
  const { t } = useTranslation('conflicts');
  const [, navigate] = useLocation();
  const errorText = useErrorText();
  const { run: send, isPending, error } = useAction(sendEdits);
  const run = useCallback(
    async ({ edit, undo }: Resolution) => {
      const answer = await send(conflict.caseId, edit);
      if (answer === undefined) return;
      const takeBack = undo && (() => sendEdits(conflict.caseId, undo(answer.changes)));
      toast(t('resolved'), {
        ...(takeBack && {
          undo: () =>
            void takeBack().then(
              () => navigate(conflictPath(conflict)),
              (thrown: unknown) => toast(errorText(toTmaError(thrown)).title, { tone: 'danger' }),
            ),
        }),
      });
      onDone();
    },
    [send, conflict, onDone, t, navigate, errorText],
  );
  return { run, isPending, error };
}
