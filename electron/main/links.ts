/** E16: links from outside. One that comes while the vault is locked is dropped, not kept for later. */
import type { CaseId } from '../../shared/ids.ts';
import type { Supervisor } from '../core/process/supervisor.ts';
import { caseOfArguments, caseOfLink, LINK_SCHEME } from '../policy/links.ts';
import type { ElectronApi } from './api.ts';
import type { Log } from './log.ts';

export interface LinkDeps {
  readonly app: ElectronApi['app'];
  /** Null until there is one. */
  readonly supervisor: () => Pick<Supervisor, 'openCase' | 'isUnlocked'> | null;
  readonly show: () => void;
  readonly log: Log;
}

/** Call once the program knows that it is the only one. */
export function followLinks({ app, supervisor, show, log }: LinkDeps): void {
  const open = (caseId: CaseId | null): void => {
    const core = supervisor();
    if (caseId === null) log('link.refused', { reason: 'malformed' });
    else if (core?.isUnlocked() !== true) log('link.refused', { reason: 'locked' });
    else core.openCase(caseId);
  };
  if (app.isPackaged) app.setAsDefaultProtocolClient(LINK_SCHEME);
  app.on('open-url', (event, url) => {
    event.preventDefault();
    show();
    open(caseOfLink(url));
  });
  app.on('second-instance', (_event, argv) => {
    show();
    if (argv.some((argument) => argument.toLowerCase().startsWith(`${LINK_SCHEME}:`))) {
      open(caseOfArguments(argv));
    }
  });
}
