/**
 * E15: the shell's own defects. Electron would show a dialog with the message and the stack; here the class and
 * the places in the program are logged, the person is told that it ended, and it ends: a program in an unknown
 * state must not go on holding the keystore. No crash reporter is ever started, so there is no dump to upload.
 */
import { describeDefect } from '../core/process/defect.ts';
import type { ElectronApi } from './api.ts';
import type { Log } from './log.ts';

export interface DefectDeps {
  readonly process: {
    on(event: 'uncaughtException' | 'unhandledRejection', listener: (thrown: unknown) => void): unknown;
  };
  readonly app: ElectronApi['app'];
  readonly log: Log;
  /** Tells the person and ends the program. */
  readonly giveUp: () => void;
}

export function watchForDefects({ process, app, log, giveUp }: DefectDeps): void {
  let over = false;
  const failed = (thrown: unknown): void => {
    log('shell.defect', describeDefect(thrown));
    // The end of a program that is in disorder may fail as well, and that is not news.
    if (over) return;
    over = true;
    giveUp();
  };
  process.on('uncaughtException', failed);
  process.on('unhandledRejection', failed);
  app.on('child-process-gone', (_event, { type, reason }) => {
    if (reason !== 'clean-exit') log('child.gone', { type, reason });
  });
}
