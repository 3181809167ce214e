/** E05, E07: every page the program ever makes is guarded from the moment it exists. */
import type { WebContents } from 'electron';
import { certificateAccepted } from '../policy/certificates.ts';
import { externalLink, refusedNavigationEvents } from '../policy/navigation.ts';
import type { ElectronApi } from './api.ts';
import type { Log } from './log.ts';

export interface GuardDeps {
  /** Asks the person about a listed address and opens it if they agree. */
  readonly askToOpen: (link: { readonly url: string; readonly host: string }) => void;
  readonly externalHosts: () => ReadonlySet<string>;
  readonly log: Log;
}

export function guardPages(app: ElectronApi['app'], deps: GuardDeps): void {
  app.on('web-contents-created', (_event, contents) => guardPage(contents, deps));
  app.on('certificate-error', (event, _contents, url, _error, _certificate, callback) => {
    event.preventDefault();
    callback(certificateAccepted(url));
  });
  app.on('select-client-certificate', (event, _contents, _url, _list, callback) => {
    event.preventDefault();
    callback();
  });
}

function guardPage(contents: WebContents, deps: GuardDeps): void {
  for (const name of refusedNavigationEvents) {
    // Four events, four types, one answer.
    (contents as NodeJS.EventEmitter).on(name, (event: Event) => {
      event.preventDefault();
      deps.log('navigation.refused', { event: name });
    });
  }
  contents.setWindowOpenHandler(({ url }) => {
    const link = externalLink(url, deps.externalHosts());
    if (link.open === 'ask') deps.askToOpen(link);
    else deps.log('window.refused', { reason: link.reason });
    return { action: 'deny' };
  });
}
