import type { TenantId } from '../../shared/ids.ts';

/** One part of one attachment. What lies there is ciphertext under a key the store never sees. */
export interface BlobPlace {
  readonly tenant: TenantId;
  /** Base64url of the hash of the ciphertext manifest: the same place always means the same bytes. */
  readonly blob: string;
  /** From 0. */
  readonly part: number;
}

/**
 * Keeps encrypted attachments. One implementation keeps them in a folder; in the cloud it is a bucket. Failures of
 * the store are thrown as they come: nothing is lost, the laptop sends the part again.
 */
export interface BlobStore {
  /** Keeps the part; the same part again changes nothing. */
  put(place: BlobPlace, bytes: Uint8Array): Promise<void>;
  /** `undefined` when it is not there. */
  get(place: BlobPlace): Promise<Uint8Array | undefined>;
  /** Takes all parts of an attachment away; of one that is not there, none. */
  remove(place: Omit<BlobPlace, 'part'>): Promise<void>;
  /** At the start: whether it can be written and read. Throws `ConfigError`, which says why not. */
  check(): Promise<void>;
  close(): void;
}

const blobName = /^[A-Za-z0-9_-]{16,64}$/;

/** `TENANT/BLOB/`: where the parts of an attachment are. Throws a `RangeError` for a name that is none. */
export function blobPrefix({ tenant, blob }: Omit<BlobPlace, 'part'>): string {
  if (!blobName.test(blob)) throw new RangeError('not the name of an attachment');
  return `${tenant}/${blob}/`;
}

/** Numbered so that a listing gives the parts in order. */
export function blobPath(place: BlobPlace): string {
  if (!Number.isInteger(place.part) || place.part < 0 || place.part > 99_999)
    throw new RangeError('not the number of a part');
  return `${blobPrefix(place)}${String(place.part).padStart(5, '0')}`;
}
