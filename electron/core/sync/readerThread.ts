/**
 * The reader of a stream on a thread of its own, beside the one that stores. It is given texts and gives back rows;
 * the key of the vault never gets there. Where no thread can be had, or it ends, everything is read here instead.
 */
import { Worker } from 'node:worker_threads';
import { TmaError } from '../../../shared/errors.ts';
import type { SyncCrypto } from '../../../shared/sync/crypto.ts';
import {
  type Handful,
  handfulReader,
  type PageReader,
  type ReaderSetting,
  type StartReader,
} from './handful.ts';

/** From the thread, one for each text, in order; `null` where the text is no part of a stream. */
export type ReaderAnswer = Handful | null;

/** As it runs from its source, or beside the bundle of the case process. */
const entry = import.meta.url.endsWith('.ts') ? './readerWorker.ts' : './reader.js';

/** What it holds at once is a few handfuls. */
const resourceLimits = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 16 };

export function readerThread(crypto: SyncCrypto): StartReader {
  return (setting) => startThread(setting, crypto);
}

interface Asked {
  readonly text: Uint8Array;
  readonly resolve: (handful: Handful) => void;
  readonly reject: (error: unknown) => void;
}

function startThread(setting: ReaderSetting, crypto: SyncCrypto): PageReader {
  const asked: Asked[] = [];
  let readHere: ((text: Uint8Array) => Handful) | undefined;

  // What it prepares a second time is seen to be here when it is to be stored.
  const answerHere = ({ text, resolve, reject }: Asked): void => {
    readHere ??= handfulReader(setting, crypto);
    try {
      resolve(readHere(text));
    } catch (thrown) {
      reject(thrown);
    }
  };
  const goOnHere = (): void => {
    readHere ??= handfulReader(setting, crypto);
    for (const one of asked.splice(0)) answerHere(one);
  };

  const worker = new Worker(new URL(entry, import.meta.url), { workerData: setting, resourceLimits });
  worker.on('message', (answer: ReaderAnswer) => {
    const next = asked.shift();
    if (answer === null) next?.reject(new TmaError('service.answer-invalid'));
    else next?.resolve(answer);
  });
  worker.on('error', goOnHere);
  worker.on('exit', goOnHere);

  return {
    read: (text) =>
      new Promise((resolve, reject) => {
        const one = { text, resolve, reject };
        if (readHere !== undefined) return answerHere(one);
        asked.push(one);
        worker.postMessage(text);
      }),
    close() {
      worker.removeAllListeners('exit');
      void worker.terminate();
      asked.splice(0);
    },
  };
}
