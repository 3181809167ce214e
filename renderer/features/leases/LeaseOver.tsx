import { TmaError } from '../../../shared/errors.ts';
import { useErrorText } from '../../i18n/errorText.ts';
import { Note } from '../../ui/feedback/Note.tsx';

/** In place of a case whose time on this laptop was over: nothing went wrong, and it comes back. */
export function LeaseOver() {
  const { title, text } = useErrorText()(new TmaError('lease.over'));
  return (
    <Note tone="warn" title={`${title}.`}>
      {text}
    </Note>
  );
}
