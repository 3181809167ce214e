/** E09: the only raw channel into this process, and all it does is to ask for a port. */
import { CONNECT_CHANNEL } from '../../shared/contract/ports.ts';
import { trustedSender } from '../policy/ipcSender.ts';
import type { ElectronApi } from './api.ts';
import type { Log } from './log.ts';
import type { PortHandover } from './portHandover.ts';

export function listenForPages(
  { ipcMain }: Pick<ElectronApi, 'ipcMain'>,
  handover: PortHandover,
  log: Log,
): void {
  ipcMain.on(CONNECT_CHANNEL, (event) => {
    if (trustedSender(event.senderFrame)) handover.connect(event.senderFrame);
    else log('connect.refused');
  });
}
