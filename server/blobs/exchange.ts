/**
 * Parts of attachments, in and out. A part is taken when a change in a case the asker may see names it, and when it
 * is exactly the bytes that change names; so what is stored is what its author hashed, whoever carried it here, and
 * nothing is stored that no case asks for. First the store, then the note in the database: a part that was written
 * and not noted is written again and is the same.
 */
import { fromBase64Url, toBase64Url } from '../../shared/bytes.ts';
import type { OrgRole } from '../../shared/domain/people.ts';
import { rightTo } from '../../shared/domain/reading.ts';
import { TmaError } from '../../shared/errors.ts';
import type { DeviceId, TenantId, UserId } from '../../shared/ids.ts';
import { blobPartSize } from '../../shared/sync/blobs.ts';
import type { BlobState } from '../../shared/sync/wire.ts';
import type { Scope } from '../db/scope.ts';
import { reading, writing } from '../db/scope.ts';
import { notePartHeld } from '../leases/deliveries.ts';
import type { SyncContext } from '../sync/context.ts';
import { readingIn } from '../sync/reading.ts';
import type { BlobStore } from './blobStore.ts';
import { blobBytes, findBlob, type KnownBlob, notePart } from './registry.ts';

export interface BlobContext extends Pick<SyncContext, 'db' | 'crypto' | 'nowMs'> {
  /** `undefined` where the service was given no place for attachments. */
  readonly store: BlobStore | undefined;
  /** What one organisation may keep. */
  readonly quotaBytes: number;
}

export interface Asker {
  readonly tenant: TenantId;
  readonly user: UserId;
  readonly device: DeviceId;
  readonly role: OrgRole;
}

export interface PartPlace {
  readonly blob: string;
  readonly part: number;
}

/** @throws TmaError `not-found`, also for what the asker may not know of; `blob.no-store`. */
export async function blobState(context: BlobContext, asker: Asker, blob: string): Promise<BlobState> {
  storeOf(context);
  const { sizeBytes, parts, stored } = await known(context, asker, blob);
  return { sizeBytes, parts: parts.length, stored: [...stored] };
}

/** @throws TmaError as {@link blobState}; `blob.part-invalid`, `blob.quota-reached`. */
export async function putPart(
  context: BlobContext,
  asker: Asker,
  { blob, part, bytes }: PartPlace & { readonly bytes: Uint8Array },
): Promise<void> {
  const store = storeOf(context);
  const found = await known(context, asker, blob);
  const wanted = fromBase64Url(found.parts[part] ?? '');
  const isRight =
    wanted?.length === 32 &&
    bytes.length === blobPartSize(found, part) &&
    toBase64Url(context.crypto.sha256(bytes)) === found.parts[part];
  if (!isRight) throw new TmaError('blob.part-invalid');
  if (found.stored.includes(part)) return;
  const { tenant, user } = asker;
  const scope: Scope = { tenant, user, caseId: found.caseId, nowMs: context.nowMs() };
  if ((await reading(context.db, scope, blobBytes)) > context.quotaBytes)
    throw new TmaError('blob.quota-reached');
  await store.put({ tenant, blob, part }, bytes);
  await writing(context.db, scope, (trx) => notePart(trx, { tenant, blob, part, nowMs: scope.nowMs }));
  await notePartHeld(context, asker, { blob, part });
}

/** @throws TmaError as {@link blobState}; `not-found` as well for a part that has not arrived. */
export async function getPart(
  context: BlobContext,
  asker: Asker,
  { blob, part }: PartPlace,
): Promise<Uint8Array> {
  const store = storeOf(context);
  const { stored } = await known(context, asker, blob);
  const bytes = stored.includes(part) ? await store.get({ tenant: asker.tenant, blob, part }) : undefined;
  if (bytes === undefined) throw new TmaError('not-found');
  await notePartHeld(context, asker, { blob, part });
  return bytes;
}

async function known(context: BlobContext, asker: Asker, blob: string): Promise<KnownBlob> {
  const { tenant, user } = asker;
  const found = await reading(context.db, { tenant, user, nowMs: context.nowMs() }, async (trx) => {
    const one = await findBlob(trx, tenant, blob);
    if (one === undefined) return undefined;
    // The file goes with the record that has its key.
    const { scope } = await readingIn(trx, asker, one.caseId);
    return rightTo(scope, 'evidence') === undefined ? undefined : one;
  });
  if (found === undefined) throw new TmaError('not-found');
  return found;
}

function storeOf({ store }: BlobContext): BlobStore {
  if (store === undefined) throw new TmaError('blob.no-store');
  return store;
}
