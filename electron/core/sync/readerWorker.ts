/** The thread of `readerThread.ts`: reads what it is sent, one text after the other. */
import { parentPort, workerData } from 'node:worker_threads';
import { nodeCrypto } from '../../../platform/crypto.ts';
import { TmaError } from '../../../shared/errors.ts';
import { handfulReader, type ReaderSetting } from './handful.ts';
import type { ReaderAnswer } from './readerThread.ts';

const read = handfulReader(workerData as ReaderSetting, nodeCrypto); // handed over by `readerThread.ts`

function answerTo(text: Uint8Array): ReaderAnswer {
  try {
    return read(text);
  } catch (thrown) {
    // Anything else is a defect of ours: it ends the thread, and is met again where the vault is.
    if (thrown instanceof TmaError) return null;
    throw thrown;
  }
}

parentPort?.on('message', (text: Uint8Array) => parentPort?.postMessage(answerTo(text)));
