/**
 * The preview host's transport: the contract's messages as JSON text over one WebSocket to the own origin. The
 * line may break at any time; it is opened again with full-jitter back-off, and no call is left unanswered.
 */
import { z } from 'zod';
import type { BridgeAnswer } from '../../../shared/contract/bridge.ts';
import { createCallLine } from '../../../shared/contract/callLine.ts';
import { type AnswerMessage, answerMessageSchema } from '../../../shared/contract/messages.ts';
import { type DownloadNotice, downloadNoticeSchema } from '../../../shared/contract/ports.ts';
import type { Transport } from './transport.ts';

/** The part of a WebSocket that is used. */
export interface Socket {
  onopen: (() => void) | null;
  onclose: (() => void) | null;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  send(text: string): void;
  close(): void;
}

export interface SocketDeps {
  readonly open: () => Socket;
  /** Runs something later; the returned function takes it back. */
  readonly after: (delayMs: number, run: () => void) => () => void;
  /** Fetches a file that the host hands out at an address of its own. */
  readonly download: (path: string) => void;
  /** At least 0, below 1. */
  readonly random: () => number;
}

const firstDelayMs = 250;
const longestDelayMs = 8_000;

/** Full jitter: anything up to a ceiling that doubles with every failure. */
export function reconnectDelayMs(failures: number, random: () => number): number {
  return Math.round(random() * Math.min(longestDelayMs, firstDelayMs * 2 ** failures));
}

export function socketTransport(deps: SocketDeps): Transport {
  const pending = new Map<number, (answer: BridgeAnswer) => void>();
  const listeners = new Map<string, Set<(payload: unknown) => void>>();
  let lastId = 0;
  let failures = 0;

  const settle = (id: number, answer: BridgeAnswer): void => {
    pending.get(id)?.(answer);
    pending.delete(id);
  };
  const deliver = (message: AnswerMessage): void => {
    if (message.type === 'event') {
      for (const listener of listeners.get(message.name) ?? []) listener(message.payload);
      return;
    }
    settle(
      message.id,
      message.type === 'value' ? { ok: true, value: message.value } : { ok: false, error: message.error },
    );
  };
  const line = createCallLine({ deliver, after: deps.after });

  const connect = (): void => {
    const socket = deps.open();
    socket.onopen = () => {
      failures = 0;
      line.attach((call) => socket.send(JSON.stringify(call)));
    };
    socket.onmessage = ({ data }) => {
      const message = readMessage(data);
      if (message === null) socket.close();
      else if (message.type === 'download') deps.download(message.path);
      else line.receive(message);
    };
    // A refused connection closes too, so this is the one place that tries again.
    socket.onclose = () => {
      line.detach();
      deps.after(reconnectDelayMs(failures, deps.random), connect);
      failures += 1;
    };
  };
  connect();

  return {
    call(procedure, input) {
      lastId += 1;
      const id = lastId;
      return new Promise((resolve) => {
        pending.set(id, resolve);
        line.submit({ type: 'call', id, procedure, input });
      });
    },
    on(name, listener) {
      const known = listeners.get(name) ?? new Set();
      listeners.set(name, known.add(listener));
      return () => known.delete(listener);
    },
  };
}

const messageSchema = z.union([answerMessageSchema, downloadNoticeSchema]);

function readMessage(data: unknown): AnswerMessage | DownloadNotice | null {
  try {
    return messageSchema.parse(JSON.parse(String(data)));
  } catch {
    return null;
  }
}
