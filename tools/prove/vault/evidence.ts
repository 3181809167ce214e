/** Files of evidence as a page adds and reads them: piece by piece, through the contract. */
import type { TestCore } from '../../../electron/core/session/testing.ts';
import { pieceBytes } from '../../../shared/contract/fileProcedures.ts';
import type { InputOf, OutputOf, ProcedureName } from '../../../shared/contract/procedures.ts';
import type { CaseId, RecordId } from '../../../shared/ids.ts';
import type { ContractClient } from './contractClient.ts';

export type Call = ContractClient['call'];

/** A core in this process, called as one behind a socket is. */
export function callsOf({ handlers }: Pick<TestCore, 'handlers'>): Call {
  // Under each name lies the handler that takes and gives what the contract says of that name.
  return async <N extends ProcedureName>(name: N, input: InputOf<N>) => {
    const handler = handlers[name] as unknown as (given: InputOf<N>) => Promise<OutputOf<N>>;
    return handler(input);
  };
}

export interface NewFile {
  readonly caseId: CaseId;
  readonly name: string;
  readonly content: Uint8Array;
  readonly description: string | null;
  readonly source: string | null;
}

export async function addFile(call: Call, { content, ...file }: NewFile): Promise<RecordId> {
  const { transfer } = await call('files.begin', { sizeBytes: content.length });
  const adding = call('evidence.add', { ...file, transfer, occurredAt: null });
  // A refusal is the answer to `evidence.add`, below; the pieces then have nobody to take them.
  const putting = putAll(call, transfer, content);
  const [{ recordId }] = await Promise.all([adding, putting]);
  return recordId;
}

async function putAll(call: Call, transfer: string, content: Uint8Array): Promise<void> {
  for (let at = 0; at < content.length; at += pieceBytes) {
    const piece = Buffer.from(content.subarray(at, at + pieceBytes));
    await call('files.put', { transfer, bytes: piece.toString('base64') });
  }
}

export async function readFile(
  call: Call,
  place: { readonly caseId: CaseId; readonly recordId: RecordId },
): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for (let chunk = 0; ; chunk++) {
    const { bytes, isLast } = await call('evidence.read', { ...place, chunk });
    pieces.push(Buffer.from(bytes, 'base64'));
    if (isLast) return Buffer.concat(pieces);
  }
}
