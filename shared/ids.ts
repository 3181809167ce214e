/**
 * Branded identifiers. Every id is a UUID version 7 (RFC 9562) in its lower-case text form, so ids sort
 * by the time they were made; the brand keeps a case's id from being passed where a record's is meant.
 */
import { v7 } from 'uuid';
import { z } from 'zod';

declare const brand: unique symbol;
type Id<Name extends string> = string & { readonly [brand]: Name };

export type TenantId = Id<'Tenant'>;
export type UserId = Id<'User'>;
export type DeviceId = Id<'Device'>;
export type CaseId = Id<'Case'>;
export type RecordId = Id<'Record'>;
export type ChangeId = Id<'Change'>;
export type GroupId = Id<'Group'>;
export type PacketId = Id<'Packet'>;
export type LeaseId = Id<'Lease'>;

const uuid = z.uuid().toLowerCase();
const idSchema = <T extends string>() => uuid as unknown as z.ZodType<T, string>;

export const tenantIdSchema = idSchema<TenantId>();
export const userIdSchema = idSchema<UserId>();
export const deviceIdSchema = idSchema<DeviceId>();
export const caseIdSchema = idSchema<CaseId>();
export const recordIdSchema = idSchema<RecordId>();
export const changeIdSchema = idSchema<ChangeId>();
export const groupIdSchema = idSchema<GroupId>();
export const packetIdSchema = idSchema<PacketId>();
export const leaseIdSchema = idSchema<LeaseId>();

/** What an id generator needs from its host; handed in so that demo data and simulations repeat exactly. */
export interface IdSource {
  /** Milliseconds since the Unix epoch. */
  nowMs(): number;
  /** That many random bytes. */
  randomBytes(length: number): Uint8Array;
}

/** Makes a new id of the wanted brand. */
export function newId<T extends string>(source: IdSource): T {
  const id = v7({ msecs: source.nowMs(), random: source.randomBytes(16), seq: randomSequence(source) });
  // The brand exists only in the type system; v7 returns exactly the text form described above.
  return id as unknown as T;
}

/** A case and its case record share one id: the record of kind `case` is the case. */
export function caseRecordId(caseId: CaseId): RecordId {
  return caseId as unknown as RecordId;
}

function randomSequence(source: IdSource): number {
  const [a = 0, b = 0, c = 0, d = 0] = source.randomBytes(4);
  return (((a & 0x7f) << 24) | (b << 16) | (c << 8) | d) >>> 0;
}
