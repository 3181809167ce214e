/** E10: the only bridge to the page. Runs sandboxed, in its own world, before the page's first script. */
import { contextBridge, ipcRenderer } from 'electron';
import type { EventName } from '../../shared/contract/events.ts';
import { CONNECT_CHANNEL, PORT_CHANNEL } from '../../shared/contract/ports.ts';
import type { ProcedureName } from '../../shared/contract/procedures.ts';
import { createBridge } from './bridge.ts';
import { followPorts } from './ports.ts';

/** Put here by the build, so that the schemas of the contract stay out of this script. */
declare const PROCEDURE_NAMES: readonly ProcedureName[];
declare const EVENT_NAMES: readonly EventName[];

const { bridge, line } = createBridge({
  procedureNames: PROCEDURE_NAMES,
  eventNames: EVENT_NAMES,
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
});
const take = followPorts(line);
ipcRenderer.on(PORT_CHANNEL, (event, notice) => take(notice, event.ports[0]));
ipcRenderer.send(CONNECT_CHANNEL);
contextBridge.exposeInMainWorld('tma', bridge);
