/**
 * Hands each trusted page a port that leads straight to the case process, a new one for each new process. The
 * calls and answers never pass through this process, so it holds no case data.
 */
import type { MessagePortMain, WebFrameMain } from 'electron';
import { PORT_CHANNEL, type PortNotice } from '../../shared/contract/ports.ts';
import type { CoreChild } from '../core/process/coreLife.ts';
import type { Supervisor } from '../core/process/supervisor.ts';
import { trustedSender } from '../policy/ipcSender.ts';
import type { ElectronApi } from './api.ts';

export interface PortHandover {
  /** A page asks for its port. It gets one now or as soon as there is a process, if it is ours (E09). */
  connect(frame: WebFrameMain | null): void;
}

export function createPortHandover(
  supervisor: Supervisor,
  MessageChannel: ElectronApi['MessageChannelMain'],
): PortHandover {
  const frames = new Set<WebFrameMain>();
  let child: CoreChild | null = null;
  let lastPort = 0;

  // A page may have been replaced since it asked: its frame is looked at again before everything it is sent.
  const tell = (frame: WebFrameMain, notice: PortNotice, ports: MessagePortMain[] = []): boolean => {
    const alive = !frame.isDestroyed() && !frame.detached && trustedSender(frame);
    if (alive) frame.postMessage(PORT_CHANNEL, notice, ports);
    else frames.delete(frame);
    return alive;
  };
  const open = (frame: WebFrameMain, to: CoreChild): void => {
    const { port1, port2 } = new MessageChannel();
    if (tell(frame, { state: 'open' }, [port2])) to.send({ type: 'port-open', port: ++lastPort }, [port1]);
    else port1.close();
  };

  supervisor.listen({
    coreReady(ready) {
      child = ready;
      for (const frame of frames) open(frame, ready);
    },
    coreEnding() {
      child = null;
      for (const frame of frames) tell(frame, { state: 'hold' });
    },
    coreGone(error) {
      child = null;
      for (const frame of frames) tell(frame, { state: 'gone', error });
    },
  });

  return {
    connect(frame) {
      if (frame === null || !trustedSender(frame)) return;
      frames.add(frame);
      if (child !== null) open(frame, child);
    },
  };
}
