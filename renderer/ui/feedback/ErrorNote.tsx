import type { ReactNode } from 'react';
import type { TmaError } from '../../../shared/errors.ts';
import { useErrorText } from '../../i18n/errorText.ts';
import { Note } from './Note.tsx';

interface ErrorNoteProps {
  readonly error: TmaError | null | undefined;
  readonly actions?: ReactNode;
}

/** A failure in the catalogue's words: what happened, what was kept, what to do. Nothing while there is none. */
export function ErrorNote({ error, actions }: ErrorNoteProps) {
  const errorText = useErrorText();
  if (!error) return null;
  const { title, text } = errorText(error);
  return (
    <Note tone={error.retryable ? 'warn' : 'danger'} title={title} isLive actions={actions}>
      {text}
    </Note>
  );
}
