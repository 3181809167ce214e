/**
 * A segment is a device's consecutive run of changes in one case within one push. The device signs the
 * segment, not each change: one Ed25519 signature vouches for the run through the hash of its last change.
 *
 *   message = "tma/segment/1" ‖ device(16) ‖ case(16) ‖ from(4) ‖ to(4) ‖ prev(32) ‖ last(32)
 */
import { z } from 'zod';
import { concat, fromBase64Url, toBase64Url, u32, utf8, uuidBytes } from '../bytes.ts';
import { TmaError } from '../errors.ts';
import { type CaseId, caseIdSchema, type DeviceId, deviceIdSchema } from '../ids.ts';
import {
  type Chained,
  type ChainPoint,
  chainer,
  hashBytes,
  type SealedChange,
  sealedChangeSchema,
} from './change.ts';
import type { Signer, SyncCrypto } from './crypto.ts';

export const maxSegmentChanges = 500;

export const segmentSchema = z.strictObject({
  case: caseIdSchema,
  device: deviceIdSchema,
  /** Number of the first change in the device's chain for this case, from 1. */
  from: z
    .int()
    .positive()
    .max(2 ** 31 - 1 - maxSegmentChanges),
  /** Hash of change `from - 1`. */
  prev: z.string().length(43),
  changes: z.array(sealedChangeSchema).min(1).max(maxSegmentChanges),
  sig: z.string().length(86),
});
export type Segment = z.infer<typeof segmentSchema>;

export interface SegmentDraft {
  readonly caseId: CaseId;
  readonly device: DeviceId;
  readonly prev: ChainPoint;
  readonly changes: readonly SealedChange[];
  /** Their places in the chain, where they are known from when they were written. */
  readonly points?: readonly ChainPoint[];
}

export function signSegment(draft: SegmentDraft, signer: Signer, crypto: SyncCrypto): Segment {
  return signChained(draft, signer, crypto).segment;
}

/** The segment, and the places of its changes in the chain. */
export function signChained(
  draft: SegmentDraft,
  signer: Signer,
  crypto: SyncCrypto,
): { readonly segment: Segment; readonly points: readonly ChainPoint[] } {
  const { caseId, device, prev, changes } = draft;
  const points = draft.points ?? chainChanges(draft, crypto);
  const sig = toBase64Url(signer.sign(segmentMessage({ caseId, device, prev, last: lastOf(points) })));
  const from = prev.n + 1;
  return { segment: { case: caseId, device, from, prev: prev.hash, changes: [...changes], sig }, points };
}

/**
 * The chain points of a segment's changes, in order, after its signature was checked.
 * Throws `change.signature-invalid` when the device's key did not sign exactly these changes.
 */
export function verifySegment(
  segment: Segment,
  publicKey: Uint8Array,
  crypto: SyncCrypto,
): readonly Chained[] {
  const prev: ChainPoint = { n: segment.from - 1, hash: segment.prev };
  const place = { caseId: segment.case, device: segment.device, prev };
  const points = chainAll({ ...place, changes: segment.changes }, crypto);
  if (!isSignedBy({ ...place, last: lastOf(points), sig: segment.sig }, publicKey, crypto)) {
    throw new TmaError('change.signature-invalid');
  }
  return points;
}

export interface SignedRun {
  readonly caseId: CaseId;
  readonly device: DeviceId;
  readonly prev: ChainPoint;
  readonly last: ChainPoint;
  readonly sig: string;
}

/** Whether the device signed the run from `prev` (exclusive) to `last` (inclusive). */
export function isSignedBy(run: SignedRun, publicKey: Uint8Array, crypto: SyncCrypto): boolean {
  const sig = fromBase64Url(run.sig);
  return sig !== undefined && crypto.verify(publicKey, segmentMessage(run), sig);
}

export function chainChanges(draft: SegmentDraft, crypto: SyncCrypto): readonly ChainPoint[] {
  return chainAll(draft, crypto).map(({ n, hash }) => ({ n, hash }));
}

function chainAll(draft: SegmentDraft, crypto: SyncCrypto): readonly Chained[] {
  const chain = chainer(draft, crypto);
  let prev = draft.prev;
  return draft.changes.map((change) => {
    const point = chain(change, prev);
    prev = point;
    return point;
  });
}

function segmentMessage(run: Omit<SignedRun, 'sig'>): Uint8Array {
  return concat(
    utf8('tma/segment/1'),
    uuidBytes(run.device),
    uuidBytes(run.caseId),
    u32(run.prev.n + 1),
    u32(run.last.n),
    hashBytes(run.prev.hash),
    hashBytes(run.last.hash),
  );
}

function lastOf(points: readonly ChainPoint[]): ChainPoint {
  const last = points.at(-1);
  if (last === undefined) throw new TmaError('change.malformed');
  return last;
}
