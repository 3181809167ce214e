/** Starts the case process as Electron's utility process. */
import type { MessagePortMain } from 'electron';
import type { CoreChild } from '../core/process/coreLife.ts';
import { coreEnvironment } from '../policy/environment.ts';
import type { ElectronApi } from './api.ts';

export interface UtilityCore {
  /** The built case process. */
  readonly entry: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export function forkUtilityCore(utilityProcess: ElectronApi['utilityProcess'], core: UtilityCore): CoreChild {
  const child = utilityProcess.fork(core.entry, [], {
    serviceName: 'TMA case process',
    // What it writes could be case data (E15); what may be known of a crash comes over the control channel.
    stdio: 'ignore',
    // E12
    env: coreEnvironment(core.env),
    execArgv: [],
  });
  return {
    // The supervisor's transfers are the ports `portHandover.ts` made.
    send: (message, transfer) => child.postMessage(message, [...(transfer ?? [])] as MessagePortMain[]),
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void child.once('exit', () => listener()),
    kill: () => void child.kill(),
  };
}
