/**
 * The log of one case on the service. Positions are gapless from 1, in the order in which changes were
 * committed. The running hash makes a log that was rolled back, forked or edited contradict itself:
 *
 *   running[0] = 32 zero bytes
 *   running[p] = SHA-256("tma/log/1" ‖ running[p-1] ‖ changeHash ‖ status(1) ‖ effective(8+4) ‖ received(8))
 *
 * The service signs a head (case, position, running hash); a laptop keeps the heads it saw and refuses a
 * log that contradicts one.
 *
 *   head message = "tma/head/1" ‖ case(16) ‖ position(8) ‖ running(32)
 */
import { z } from 'zod';
import { ByteWriter, concat, fromBase64Url, toBase64Url, u64, utf8, uuidBytes } from '../bytes.ts';
import { errorCodeSchema } from '../errors.ts';
import { type CaseId, caseIdSchema } from '../ids.ts';
import { hashBytes, zeroHash } from './change.ts';
import { type Stamp, stampSchema } from './clock.ts';
import type { Signer, SyncCrypto } from './crypto.ts';

/** What became of a change: `applied` counts; `quarantined` is kept, readable by the lead, and does not count. */
export const changeStatusSchema = z.enum(['applied', 'quarantined']);
export type ChangeStatus = z.infer<typeof changeStatusSchema>;

const statusBytes: Readonly<Record<ChangeStatus, Uint8Array>> = {
  applied: Uint8Array.of(1),
  quarantined: Uint8Array.of(2),
};
/** Of the message below, with room for writing its text. */
const entryBytes = 128;

/** What the service decided about one change, beside the change itself. */
export const logEntrySchema = z.strictObject({
  position: z.int().positive(),
  status: changeStatusSchema,
  /** Why, when quarantined. */
  code: errorCodeSchema.optional(),
  effective: stampSchema,
  receivedAtMs: z.int().nonnegative(),
});
export type LogEntry = z.infer<typeof logEntrySchema>;

export interface LogHead {
  readonly position: number;
  readonly running: string;
}

export const emptyLog: LogHead = { position: 0, running: zeroHash };

export interface Arrival {
  readonly changeHash: string;
  readonly status: ChangeStatus;
  readonly effective: Stamp;
  readonly receivedAtMs: number;
}

/** The head after one more change. */
export function extendLog(head: LogHead, arrival: Arrival, crypto: SyncCrypto): LogHead {
  const message = new ByteWriter(entryBytes)
    .utf8('tma/log/1')
    .bytes(hashBytes(head.running))
    .bytes(hashBytes(arrival.changeHash))
    .bytes(statusBytes[arrival.status])
    .u64(arrival.effective[0])
    .u32(arrival.effective[1])
    .u64(arrival.receivedAtMs);
  return { position: head.position + 1, running: crypto.digest(message.written()) };
}

export const signedHeadSchema = z.strictObject({
  case: caseIdSchema,
  position: z.int().nonnegative(),
  running: z.string().length(43),
  sig: z.string().length(86),
});
export type SignedHead = z.infer<typeof signedHeadSchema>;

export function signHead(caseId: CaseId, head: LogHead, signer: Signer): SignedHead {
  const sig = toBase64Url(signer.sign(headMessage(caseId, head)));
  return { case: caseId, position: head.position, running: head.running, sig };
}

export function isHeadSigned(head: SignedHead, servicePublicKey: Uint8Array, crypto: SyncCrypto): boolean {
  const sig = fromBase64Url(head.sig);
  return sig !== undefined && crypto.verify(servicePublicKey, headMessage(head.case, head), sig);
}

function headMessage(caseId: CaseId, head: LogHead): Uint8Array {
  return concat(utf8('tma/head/1'), uuidBytes(caseId), u64(head.position), hashBytes(head.running));
}
