/**
 * The life of the case process: wait for `init`, build the core, answer calls on every data port, and end:
 * at a lock, at shutdown, when the host is gone, when something unexpected happened.
 */
import type { Emit } from '../../../shared/contract/events.ts';
import { toTmaError } from '../../../shared/errors.ts';
import { createDispatcher, type Dispatcher } from '../dispatch/dispatcher.ts';
import { createEventHub } from '../dispatch/eventHub.ts';
import { type BrowserClient, browserClient } from './browserClient.ts';
import type { CoreConfig, DataPort, LockReason } from './control.ts';
import { type Core, type CreateCore, closeLimitMs } from './coreDeps.ts';
import { describeDefect } from './defect.ts';
import type { HostChannel } from './hostChannel.ts';
import { type PlaceClient, placeClient } from './placeClient.ts';
import { type SecretClient, secretClient } from './secretClient.ts';

export interface CaseProcessDeps {
  readonly channel: HostChannel;
  readonly createCore: CreateCore;
  /** Milliseconds of a clock that only goes forward. */
  readonly nowMs: () => number;
  readonly after: (delayMs: number, run: () => void) => () => void;
  /** Ends the process. */
  readonly exit: (code: number) => void;
}

/** How long an ending process waits for the answers under way; the rest of {@link closeLimitMs} is the vault's. */
const answerLimitMs = 300;

/** Exit codes, for a person who reads a log; the host goes by what the process said, not by these. */
const exitCodes = { inOrder: 0, failed: 1, defect: 70 } as const;

/** Runs until the process ends. The returned function ends it because of something unexpected. */
export function runCaseProcess(deps: CaseProcessDeps): (thrown: unknown) => void {
  const { channel } = deps;
  const ports = new Set<DataPort>();
  const underWay = new Set<Promise<void>>();
  const places: PlaceClient = placeClient(channel.send);
  let secrets: SecretClient | null = null;
  const browser: BrowserClient = browserClient(channel.send);
  let core: Core | null = null;
  let ending = false;

  const onDefect = (thrown: unknown): void => channel.send({ type: 'defect', ...describeDefect(thrown) });
  const hub = createEventHub({ ports, onDefect });
  const emit: Emit = (name, payload) => {
    hub.emit(name, payload);
    // What it is about stays here: the host shows no names (E13).
    if (name === 'cases' && 'origin' in payload && payload.origin === 'elsewhere')
      channel.send({ type: 'news' });
  };

  const end = async (code: number, prelude?: () => void): Promise<void> => {
    if (ending) return;
    ending = true;
    prelude?.();
    deps.after(closeLimitMs, () => deps.exit(code));
    // Answers first: the call that asked for the lock is one of those under way. A slow one does not hold it up.
    const pause = new Promise<void>((resolve) => void deps.after(answerLimitMs, resolve));
    await Promise.race([Promise.allSettled(underWay), pause]);
    await core?.close().catch(onDefect);
    await channel.flush();
    deps.exit(code);
  };
  const requestLock = (reason: LockReason): void =>
    void end(exitCodes.inOrder, () => channel.send({ type: 'locking', reason }));

  const build = async (config: CoreConfig, secretBackend: string): Promise<void> => {
    secrets = secretClient(secretBackend, channel.send);
    try {
      core = await deps.createCore({
        config,
        secrets,
        emit,
        requestLock,
        announceUnlocked: () => channel.send({ type: 'unlocked' }),
        copyText: (text) => channel.send({ type: 'copy', text }),
        choosePlace: places.choose,
        openInBrowser: browser.open,
      });
      channel.send({ type: 'ready' });
    } catch (thrown) {
      const error = toTmaError(thrown);
      if (error.code === 'internal') onDefect(thrown);
      await end(exitCodes.failed, () => channel.send({ type: 'failed', error: error.toShape() }));
    }
  };

  const answer = async (port: DataPort, dispatcher: Dispatcher, message: unknown): Promise<void> => {
    port.send(await dispatcher(message));
  };

  channel.onPort((port) => {
    if (core === null) return;
    const dispatcher = createDispatcher({
      handlers: core.handlers,
      isUnlocked: () => !ending && core?.isUnlocked() === true,
      nowMs: deps.nowMs,
      onDefect,
    });
    ports.add(port);
    port.onClose(() => void ports.delete(port));
    port.onMessage((message) => {
      const answered = answer(port, dispatcher, message).finally(() => underWay.delete(answered));
      underWay.add(answered);
    });
    hub.tell(port, 'session', core.sessionEvent());
  });
  channel.onControl((message) => {
    switch (message.type) {
      case 'init':
        return void build(message.config, message.secretBackend);
      case 'lock':
        return requestLock(message.reason);
      case 'shutdown':
        return void end(exitCodes.inOrder);
      case 'open-case':
        // E16: a link that comes while the vault is locked is forgotten.
        if (!ending && core?.isUnlocked() === true) hub.emit('link', { caseId: message.caseId });
        return;
      case 'file-place':
        return places.settle(message);
      case 'browser-answer':
        return browser.settle(message.id, message.outcome);
      default:
        return secrets?.settle(message);
    }
  });
  channel.onHostGone(() => void end(exitCodes.inOrder));

  return (thrown) => {
    onDefect(thrown);
    void end(exitCodes.defect);
  };
}
