/** What can be checked about a segment without the database: its signature, its chain, the form of its changes. */
import { type ErrorCode, TmaError } from '../../shared/errors.ts';
import {
  type ChainPoint,
  type ChangeFields,
  type ChangeHead,
  hashBytes,
  isWithheld,
  maxChangeBytes,
  readFields,
  readHead,
  type SealedChange,
} from '../../shared/sync/change.ts';
import type { SyncCrypto } from '../../shared/sync/crypto.ts';
import { type Segment, verifySegment } from '../../shared/sync/segment.ts';

export interface PreparedChange {
  readonly sealed: SealedChange;
  readonly point: ChainPoint;
  readonly payloadHash: Uint8Array;
  readonly head: ChangeHead;
  /** `undefined` when the payload is withheld or does not read as fields: such a change is kept, but cannot count. */
  readonly fields: ChangeFields | undefined;
}

export interface PreparedSegment {
  readonly segment: Segment;
  readonly changes: readonly PreparedChange[];
}

export type Preparation =
  | { readonly outcome: 'ready'; readonly prepared: PreparedSegment }
  | { readonly outcome: 'refused'; readonly code: ErrorCode };

export function prepareSegment(segment: Segment, deviceKey: Uint8Array, crypto: SyncCrypto): Preparation {
  try {
    const points = verifySegment(segment, deviceKey, crypto);
    const changes = segment.changes.map((sealed, index): PreparedChange => {
      const point = points[index];
      if (point === undefined || Buffer.byteLength(sealed.payload) > maxChangeBytes) {
        throw new TmaError('change.malformed');
      }
      const fields = fieldsOf(sealed);
      return {
        sealed,
        point,
        payloadHash: hashBytes(point.payloadHash),
        head: readHead(sealed.head),
        fields,
      };
    });
    return { outcome: 'ready', prepared: { segment, changes } };
  } catch (error) {
    if (error instanceof TmaError) return { outcome: 'refused', code: error.code };
    throw error;
  }
}

function fieldsOf(sealed: SealedChange): ChangeFields | undefined {
  if (isWithheld(sealed)) return undefined;
  try {
    return readFields(sealed.payload);
  } catch (error) {
    if (error instanceof TmaError) return undefined;
    throw error;
  }
}
