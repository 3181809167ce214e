/** E14: text leaves a screen through here, so that somebody remembers to take it off the clipboard again. */
import type { Handlers } from '../../../shared/contract/procedures.ts';
import type { CoreDeps } from '../process/coreDeps.ts';

export function clipboardHandlers({
  copyText,
}: Pick<CoreDeps, 'copyText'>): Pick<Handlers, 'clipboard.copy'> {
  return {
    'clipboard.copy': async ({ text }) => {
      copyText(text);
      return {};
    },
  };
}
