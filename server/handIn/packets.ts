/** Takes sealed packets: keeps them, and gives the changes they stand for their places in the log, without content. */
import { errorCatalogue, TmaError } from '../../shared/errors.ts';
import { isPacketSigned, type PacketAbout, readPacket, type SignedPacket } from '../../shared/sync/packet.ts';
import type { PacketAnswer } from '../../shared/sync/wire.ts';
import { writeAudit } from '../audit/audit.ts';
import { findDevice } from '../auth/device.ts';
import { writing } from '../db/scope.ts';
import type { Submitter, SyncContext } from '../sync/context.ts';
import { ingestSegments } from '../sync/ingest.ts';

/**
 * Taken from any device that was ever one of a tenant, revoked or not: what its person wrote must not be lost. Asking
 * again does nothing more.
 *
 * Throws `change.malformed`, `auth.device-unknown`, `auth.proof-invalid` (not signed by the device it names), and what
 * makes a push fail as a whole.
 */
export async function takePacket(context: SyncContext, signed: SignedPacket): Promise<PacketAnswer> {
  const { about, box } = readPacket(signed.text);
  const found = await findDevice(context.db, about.device);
  if (found === undefined) throw new TmaError('auth.device-unknown');
  if (!isPacketSigned(signed, found.public_key, context.crypto)) throw new TmaError('auth.proof-invalid');
  const author: Submitter = {
    ...{ tenant: found.tenant_id, user: found.user_id, role: found.role },
    ...{ device: about.device, deviceKey: found.public_key },
  };
  const isNew = await keep(context, author, { ...signed, about, keyId: box.recipient.keyId });
  await putInLog(context, author, about);
  return { outcome: isNew ? 'kept' : 'known' };
}

interface Keeping extends SignedPacket {
  readonly about: PacketAbout;
  readonly keyId: string;
}

function keep(context: SyncContext, author: Submitter, packet: Keeping): Promise<boolean> {
  const { tenant, user, device } = author;
  const { about } = packet;
  const nowMs = context.nowMs();
  return writing(context.db, { tenant, user, duty: 'devices', nowMs }, async (trx) => {
    const added = await trx
      .insertInto('sealed_packets')
      .values({
        tenant_id: tenant,
        packet_id: about.id,
        case_id: about.case,
        device_id: device,
        user_id: user,
        reason: about.reason,
        changes: about.segment.changes.length,
        oldest_at: new Date(about.oldestAtMs),
        sealed_at: new Date(about.sealedAtMs),
        received_at: new Date(nowMs),
        key_id: packet.keyId,
        text: packet.text,
        sig: packet.sig,
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (added.numInsertedOrUpdatedRows !== 1n) return false;
    await writeAudit(trx, tenant, { type: 'packet.kept', atMs: nowMs, user, device, case: about.case });
    return true;
  });
}

/** What does not fit into the log is kept all the same: the packet has it. */
async function putInLog(context: SyncContext, author: Submitter, about: PacketAbout): Promise<void> {
  const [outcome] = await ingestSegments(context, author, [about.segment]);
  if (outcome?.outcome !== 'refused' || outcome.code === 'change.gap') return;
  if (errorCatalogue[outcome.code].retryable) throw new TmaError(outcome.code);
}
