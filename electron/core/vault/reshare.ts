/**
 * Making a key slot with the service's share, or without it, when the organisation's policy has changed. The new slot
 * takes the old one's place in one transaction of device.db, so a program killed at any step leaves the one or the
 * other; the share a slot needs was deposited and is in the keystore before, and stays there until a slot without it
 * is durable.
 */

import { zeroVaultKey } from './keys/slot.ts';
import { resealUserSlot } from './reseal.ts';
import type { ServerShare } from './types.ts';
import type { Unlocked, UnlockRequest } from './unlock.ts';
import { unlockKey } from './unlock.ts';

type Settling = Omit<UnlockRequest, 'share'> & { readonly share?: ServerShare | undefined };

/** A slot that could not be made anew stays as it is, and opens: that is for the next unlock then. */
export async function settleShare({ vaultKey, header }: Unlocked, request: Settling): Promise<void> {
  const { share, profile } = request;
  if (share === undefined) return;
  try {
    const wanted = await share.wanted();
    if (wanted === undefined) return;
    if ((wanted !== null) !== header.serverShare) {
      const serverShare = wanted ?? undefined;
      const next = { ...header, serverShare: wanted !== null };
      profile.device.slots.put(await resealUserSlot(vaultKey, { ...request, header: next, serverShare }));
    }
    await share.settled();
  } catch {
    // A full disk, a keystore that refuses: nothing that the person who wants to work has to wait for.
  }
}

/** For a vault that is open, with its passphrase at hand. @throws TmaError as `unlockKey`. */
export async function applyShare(request: Settling): Promise<void> {
  const unlocked = await unlockKey(request);
  try {
    await settleShare(unlocked, request);
  } finally {
    zeroVaultKey(unlocked.vaultKey);
  }
}
