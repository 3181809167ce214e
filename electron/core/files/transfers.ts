/**
 * Files on their way in. A page hands a file over piece by piece, through the contract and in both hosts alike;
 * the core never learns where it lay. A piece is acknowledged when whoever takes the file is done with it, so a
 * large file never waits in memory.
 *
 *   files.begin {sizeBytes}  → a transfer; nothing is read yet
 *   evidence.add, vault.restore {transfer, …}   takes it, and answers when the file was dealt with
 *   files.put {transfer, bytes}   a piece; the last one is known by the size
 */
import type { Handlers } from '../../../shared/contract/procedures.ts';
import { TmaError } from '../../../shared/errors.ts';
import { release } from '../vault/attachments/format.ts';

export interface IncomingFile {
  readonly sizeBytes: number;
  /**
   * The bytes, once; a piece is valid until the next is asked for.
   * @throws TmaError `files.interrupted` when no more come, `input.invalid` when more come than were announced.
   */
  readonly content: AsyncGenerator<Uint8Array>;
  /** Nothing (more) of it is wanted; whoever sends it is told. Call it in any case. */
  drop(): void;
}

export interface Transfers {
  readonly handlers: Pick<Handlers, 'files.begin' | 'files.put' | 'files.cancel'>;
  /** @throws TmaError `files.interrupted` for a transfer that is not there, or was taken before. */
  take(transfer: string): IncomingFile;
}

export interface TransfersDeps {
  readonly newId: () => string;
  /** Runs something later; the returned function takes it back. */
  readonly after: (delayMs: number, run: () => void) => () => void;
}

/** A page that is gone says nothing; after this long without a piece the file counts as broken off. */
const silenceMs = 60_000;
/** A person adds one file at a time, several windows or not. */
const maxOpen = 8;

interface Piece {
  readonly bytes: Uint8Array;
  readonly done: PromiseWithResolvers<void>;
}

interface Transfer {
  readonly sizeBytes: number;
  received: number;
  isTaken: boolean;
  waiting: Piece | null;
  /** Called when a piece has come, or none will. */
  wake: () => void;
  failure: TmaError | null;
  stopWatch: () => void;
}

export function createTransfers({ newId, after }: TransfersDeps): Transfers {
  const open = new Map<string, Transfer>();

  const end = (id: string, failure: TmaError): void => {
    const transfer = open.get(id);
    if (transfer === undefined) return;
    open.delete(id);
    transfer.stopWatch();
    transfer.failure = failure;
    transfer.waiting?.done.reject(failure);
    transfer.waiting = null;
    transfer.wake();
  };
  const watch = (id: string, transfer: Transfer): void => {
    transfer.stopWatch();
    transfer.stopWatch = after(silenceMs, () => end(id, new TmaError('files.interrupted')));
  };

  async function* contentOf(id: string, transfer: Transfer): AsyncGenerator<Uint8Array> {
    let piece: Piece | undefined;
    try {
      for (let left = transfer.sizeBytes; left > 0; ) {
        piece = await nextPiece(transfer);
        left -= piece.bytes.length;
        yield piece.bytes;
        piece.done.resolve();
        // A large file would otherwise leave a trail of its plain text to the garbage collector.
        release(piece.bytes);
      }
    } finally {
      const over = new TmaError('files.interrupted');
      piece?.done.reject(over);
      end(id, over);
    }
  }

  return {
    handlers: {
      async 'files.begin'({ sizeBytes }) {
        if (open.size >= maxOpen) throw new TmaError('input.rate-limited');
        const id = newId();
        const transfer: Transfer = {
          ...{ sizeBytes, received: 0, isTaken: false, waiting: null, failure: null },
          wake: () => undefined,
          stopWatch: () => undefined,
        };
        open.set(id, transfer);
        watch(id, transfer);
        return { transfer: id };
      },
      async 'files.put'({ transfer: id, bytes: text }) {
        const transfer = open.get(id);
        if (transfer === undefined) throw new TmaError('files.interrupted');
        const bytes = Buffer.from(text, 'base64');
        // One piece at a time; a page that sends more has not understood.
        const isTooMuch = transfer.received + bytes.length > transfer.sizeBytes;
        if (transfer.waiting !== null || bytes.length === 0 || isTooMuch) throw new TmaError('input.invalid');
        const piece: Piece = { bytes, done: Promise.withResolvers() };
        transfer.received += bytes.length;
        transfer.waiting = piece;
        watch(id, transfer);
        transfer.wake();
        await piece.done.promise;
        return { receivedBytes: transfer.received };
      },
      async 'files.cancel'({ transfer }) {
        end(transfer, new TmaError('files.interrupted'));
        return {};
      },
    },
    take(id) {
      const transfer = open.get(id);
      if (transfer === undefined || transfer.isTaken) throw new TmaError('files.interrupted');
      transfer.isTaken = true;
      return {
        sizeBytes: transfer.sizeBytes,
        content: contentOf(id, transfer),
        drop: () => end(id, new TmaError('files.interrupted')),
      };
    },
  };
}

async function nextPiece(transfer: Transfer): Promise<Piece> {
  for (;;) {
    if (transfer.failure !== null) throw transfer.failure;
    const piece = transfer.waiting;
    if (piece !== null) {
      transfer.waiting = null;
      return piece;
    }
    await new Promise<void>((resolve) => {
      transfer.wake = resolve;
    });
  }
}
