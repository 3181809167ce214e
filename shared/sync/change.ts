/**
 * One edit of one record, the unit that is hashed, chained, signed, sent and kept for ever.
 *
 * Invariant: the texts `head` and `payload` are the exact bytes that were hashed; they are stored and sent
 * as they are and never built again from parsed values.
 *
 *   head     canonical JSON {at, group?, id, kind, op, record, schema, seen}
 *   payload  canonical JSON {field: {saw, value}}
 *   salt     16 random bytes; makes the payload's hash reveal nothing about a short payload
 *
 *   payloadHash = SHA-256("tma/payload/1" ‖ salt ‖ payload)
 *   hash        = SHA-256("tma/change/1" ‖ case(16) ‖ device(16) ‖ n(4) ‖ prev(32) ‖ payloadHash(32) ‖ head)
 *
 * `n` counts a device's changes in one case from 1; `prev` is the hash of change n-1, 32 zero bytes before
 * the first. A case therefore verifies with nothing but its own log, and still does when the payloads are
 * destroyed, because the chain holds only their hashes.
 *
 * Example: device d writes its first change in case c, giving observation r the text "Tür offen":
 *   head    {"at":[1763880000000,0],"id":"…","kind":"observation","op":"create","record":"…","schema":1,"seen":[0,""]}
 *   payload {"text":{"saw":[],"value":"Tür offen"}}
 */
import { z } from 'zod';
import { ByteWriter, fromBase64Url, toBase64Url, utf8, uuidBytes } from '../bytes.ts';
import { fieldNamePattern } from '../domain/fields.ts';
import { TmaError } from '../errors.ts';
import {
  type CaseId,
  type ChangeId,
  changeIdSchema,
  type DeviceId,
  groupIdSchema,
  recordIdSchema,
} from '../ids.ts';
import { type Json, jsonSchema } from '../json.ts';
import { canonical, parseCanonical } from './canonical.ts';
import { type Stamp, stampSchema } from './clock.ts';
import type { SyncCrypto } from './crypto.ts';
import { areUsualFields, isUsualHead, kindPattern } from './usual.ts';

/** Field that says whether the record is removed. Not a name a kind can declare. */
export const removedField = '$removed';

export const maxChangeBytes = 256 * 1024;

export const opSchema = z.enum(['create', 'update', 'remove']);
export type Op = z.infer<typeof opSchema>;

/** Unknown keys are kept: a newer program may say more. */
export const changeHeadSchema = z.looseObject({
  id: changeIdSchema,
  record: recordIdSchema,
  kind: z.string().regex(kindPattern),
  op: opSchema,
  /** Changes that stand or fall together. */
  group: groupIdSchema.optional(),
  at: stampSchema,
  /** Version of the record kinds the author's program knew. */
  schema: z.int().positive(),
  /** Position and running hash of the case's log when this was written. */
  seen: z.tuple([z.int().nonnegative(), z.string()]).readonly(),
});
export type ChangeHead = z.infer<typeof changeHeadSchema>;

const fieldNameSchema = z.string().refine((name) => name === removedField || fieldNamePattern.test(name));

/** `saw` names the changes whose values of this field the author had in view. */
export const fieldEditSchema = z.strictObject({
  value: jsonSchema,
  saw: z.array(changeIdSchema).max(10_000),
});
export type FieldEdit = z.infer<typeof fieldEditSchema>;

export const changeFieldsSchema = z.record(fieldNameSchema, fieldEditSchema);
export type ChangeFields = z.infer<typeof changeFieldsSchema>;

/**
 * A change as it is stored and sent. Where its content is withheld from whoever holds it, `payload` and `salt` are
 * empty and `payloadHash` proves its place in the chain all the same.
 */
export const sealedChangeSchema = z
  .strictObject({
    head: z.string().max(8_192),
    payload: z.string().max(maxChangeBytes),
    salt: z.string().max(22),
    payloadHash: z.string().length(43).optional(),
  })
  .refine(({ payload, salt, payloadHash: hash }) =>
    hash === undefined ? salt.length === 22 : payload === '' && salt === '',
  );
export type SealedChange = z.infer<typeof sealedChangeSchema>;

export type WithheldChange = SealedChange & { readonly payloadHash: string };

export function isWithheld(change: SealedChange): change is WithheldChange {
  return change.payloadHash !== undefined;
}

/** Where a device's chain in one case stands. `hash` is base64url of 32 bytes. */
export interface ChainPoint {
  readonly n: number;
  readonly hash: string;
}

export const hashLength = 32;
export const zeroHash = toBase64Url(new Uint8Array(hashLength));
export const chainStart: ChainPoint = { n: 0, hash: zeroHash };

export interface ReadChange {
  readonly head: ChangeHead;
  readonly fields: ChangeFields;
}

/** Fixes the exact texts of a change. Throws `input.too-large` beyond 256 KiB. */
export function sealChange(change: ReadChange, crypto: SyncCrypto): SealedChange {
  const sealed: SealedChange = {
    head: canonical(change.head as unknown as Json), // a change head consists of JSON values only
    payload: canonical(change.fields),
    salt: toBase64Url(crypto.randomBytes(16)),
  };
  if (utf8(sealed.payload).length > maxChangeBytes) throw new TmaError('input.too-large');
  return sealed;
}

/** Reads a change's texts. Throws `change.malformed` when they are not canonical or not a change. */
export function readChange(sealed: SealedChange): ReadChange {
  return { head: readHead(sealed.head), fields: readFields(sealed.payload) };
}

export function readHead(text: string): ChangeHead {
  const value = parseCanonical(text);
  return isUsualHead(value) ? value : checked(changeHeadSchema, value);
}

export function readFields(text: string): ChangeFields {
  const value = parseCanonical(text);
  return areUsualFields(value) ? value : checked(changeFieldsSchema, value);
}

const stampedSchema = z.looseObject({ at: stampSchema });
/** How nearly every head begins: of the keys that this version knows, `at` is the first. */
const stampFirst = /^\{"at":\[(\d{1,15}),(\d{1,9})\][,}]/;

/** When a change of one's own was written, by its head; quicker than reading all of it. */
export function stampOf(head: string): Stamp | undefined {
  const [, ms, count] = stampFirst.exec(head) ?? [];
  if (ms !== undefined && count !== undefined) return [Number(ms), Number(count)];
  const read = stampedSchema.safeParse(JSON.parse(head));
  return read.success ? read.data.at : undefined;
}

export interface ChainPlace {
  readonly caseId: CaseId;
  readonly device: DeviceId;
  readonly prev: ChainPoint;
}

/** A place in a chain, with the part of its hash that stays when the payload is destroyed. */
export interface Chained extends ChainPoint {
  /** base64url of 32 bytes. */
  readonly payloadHash: string;
}

/** The place of a change in its device's chain. Throws `change.malformed` for a salt or hash of wrong form. */
export function chainChange(sealed: SealedChange, place: ChainPlace, crypto: SyncCrypto): ChainPoint {
  return chainer(place, crypto)(sealed, place.prev);
}

/** Chains the changes of one device in one case: what all their hashes begin with is put together once. */
export function chainer(
  { caseId, device }: Pick<ChainPlace, 'caseId' | 'device'>,
  crypto: SyncCrypto,
): (sealed: SealedChange, prev: ChainPoint) => Chained {
  const payloadHashOf = payloadHasher(crypto);
  const link = new ByteWriter().utf8('tma/change/1').bytes(uuidBytes(caseId)).bytes(uuidBytes(device));
  const start = link.written().length;
  return (sealed, prev) => {
    const n = prev.n + 1;
    const payloadHash = payloadHashOf(sealed);
    link.backTo(start).u32(n).bytes(hashBytes(prev.hash)).bytes(hashBytes(payloadHash)).utf8(sealed.head);
    return { n, hash: crypto.digest(link.written()), payloadHash };
  };
}

function payloadHasher(crypto: SyncCrypto): (sealed: SealedChange) => string {
  const message = new ByteWriter().utf8('tma/payload/1');
  const start = message.written().length;
  return (sealed) => {
    if (isWithheld(sealed)) return sealed.payloadHash;
    const salt = fromBase64Url(sealed.salt);
    if (salt === undefined) throw new TmaError('change.malformed');
    return crypto.digest(message.backTo(start).bytes(salt).utf8(sealed.payload).written());
  };
}

/** What is left of a change once its content is withheld. */
export function withhold(sealed: SealedChange, crypto: SyncCrypto): WithheldChange {
  return withheldChange(sealed.head, payloadHasher(crypto)(sealed));
}

export function withheldChange(head: string, hash: string): WithheldChange {
  return { head, payload: '', salt: '', payloadHash: hash };
}

/** The 32 bytes of a hash in text form. Throws `change.malformed`. */
export function hashBytes(text: string): Uint8Array {
  const bytes = fromBase64Url(text);
  if (bytes?.length !== hashLength) throw new TmaError('change.malformed');
  return bytes;
}

/** Ids of the changes that an edit of any field had in view. */
export function sawOf(fields: ChangeFields): readonly ChangeId[] {
  return Object.values(fields).flatMap((edit) => edit.saw);
}

function checked<S extends z.ZodType>(schema: S, value: Json): z.output<S> {
  const result = schema.safeParse(value);
  if (!result.success) throw new TmaError('change.malformed', undefined, result.error);
  return result.data;
}
