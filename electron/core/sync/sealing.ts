/** Makes packets: unsent edits that neither this laptop nor the service can read once they are sealed. */
import { sealBox } from '../../../platform/sealedBox.ts';
import { fromBase64Url, utf8 } from '../../../shared/bytes.ts';
import { type DeviceId, newId, type PacketId } from '../../../shared/ids.ts';
import { withhold } from '../../../shared/sync/change.ts';
import type { Signer, SyncCrypto } from '../../../shared/sync/crypto.ts';
import type { EscrowKey } from '../../../shared/sync/enrolment.ts';
import {
  type PacketAbout,
  type PacketContent,
  type PacketReason,
  signPacket,
} from '../../../shared/sync/packet.ts';
import { signSegment } from '../../../shared/sync/segment.ts';
import type { Seal } from '../storage/packets.ts';

export interface SealingDeps {
  readonly device: { readonly id: DeviceId; readonly signer: Signer };
  readonly crypto: SyncCrypto;
  readonly nowMs: () => number;
}

/** `undefined` where the organisation has no such key, or what it gave out is none: then nothing can be sealed. */
export function sealTo(
  escrow: EscrowKey | null | undefined,
  { device, crypto, nowMs }: SealingDeps,
  reason: PacketReason,
): Seal | undefined {
  const publicKey = fromBase64Url(escrow?.publicKey ?? '');
  if (escrow === null || escrow === undefined || publicKey?.length !== 32) return undefined;
  const recipient = { keyId: escrow.keyId, publicKey };
  const ids = { nowMs, randomBytes: crypto.randomBytes };
  return ({ draft, oldestAtMs }) => {
    const bare = { ...draft, changes: draft.changes.map((change) => withhold(change, crypto)) };
    const about: PacketAbout = {
      version: 1,
      id: newId<PacketId>(ids),
      device: device.id,
      case: draft.caseId,
      reason,
      oldestAtMs,
      sealedAtMs: nowMs(),
      segment: signSegment(bare, device.signer, crypto),
    };
    const content: PacketContent = draft.changes.map(({ payload, salt }, index) => {
      return { n: draft.prev.n + 1 + index, payload, salt };
    });
    const plain = utf8(JSON.stringify(content));
    const seal = (associated: Uint8Array) => sealBox(plain, recipient, associated);
    return { id: about.id, ...signPacket(about, seal, device.signer) };
  };
}
