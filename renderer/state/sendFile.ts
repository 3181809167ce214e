/** Hands a file to the case process, piece by piece, and says how far it has come. */
import { pieceBytes } from '../../shared/contract/fileProcedures.ts';
import { client } from '../app/client.ts';

export interface SendFile<T> {
  readonly file: File;
  /** The procedure that takes the file; its answer is the answer of all. */
  readonly use: (transfer: string) => Promise<T>;
  readonly onProgress: (doneBytes: number) => void;
}

/** Rejects with the failure of `use`, which knows better than the sending why it stopped. */
export async function sendFile<T>({ file, use, onProgress }: SendFile<T>): Promise<T> {
  const { transfer } = await client.call('files.begin', { sizeBytes: file.size });
  let isOver = false;
  const answer = use(transfer).finally(() => {
    isOver = true;
  });
  // A failure of it is told below; until then nobody waits for it.
  answer.catch(() => undefined);
  const send = async (): Promise<void> => {
    for (let at = 0; at < file.size && !isOver; at += pieceBytes) {
      const piece = await file.slice(at, at + pieceBytes).arrayBuffer();
      await client.call('files.put', { transfer, bytes: base64Of(new Uint8Array(piece)) });
      onProgress(Math.min(file.size, at + pieceBytes));
    }
  };
  const sent = send();
  sent.catch(() => client.call('files.cancel', { transfer }).catch(() => undefined));
  return answer;
}

const stepBytes = 0x8000;

function base64Of(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += stepBytes) {
    text += String.fromCharCode(...bytes.subarray(at, at + stepBytes));
  }
  return btoa(text);
}
