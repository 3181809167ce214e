/**
 * The service's share of the vault's key, while the vault is open: made and deposited where the organisation asks for
 * one, stood by with every contact, given up where it asks no more. In this order, so that the program may end
 * anywhere:
 *
 *   on    unlock key in the keystore → share deposited → share in the keystore → slot made with it (next unlock)
 *   off   noted in the keystore → slot made without it (next unlock) → share out of the keystore
 *
 * A slot never needs a share that the service was not given. A share the slot needs is never replaced: after a restore
 * of the service, which may have lost it, the same one is deposited again.
 */
import { randomBytes } from 'node:crypto';
import { signerFromSeed } from '../../../platform/crypto.ts';
import { fromBase64Url, toBase64Url } from '../../../shared/bytes.ts';
import { TmaError } from '../../../shared/errors.ts';
import type { DeviceId } from '../../../shared/ids.ts';
import type { Signer } from '../../../shared/sync/crypto.ts';
import type { SyncEngine } from '../sync/engine.types.ts';
import type { SecretStore } from '../vault/keys/secretStore.ts';
import {
  type KeptShare,
  keptFrom,
  readKeptShare,
  serverShareName,
  shareBytes,
  unlockSeedName,
  usableShare,
  writeKeptShare,
} from '../vault/keys/share.ts';
import { policyOf } from './lease.ts';
import type { CoreParts } from './parts.ts';
import { type ShareKeeper, slotHoldsShare, unlockSigner, windowMs } from './share.ts';

/** The keystore is written to no more often than this only to say that all is as it was. */
const freshForMs = 3_600_000;

export interface ShareCare {
  /**
   * Brings keystore and service in line with what the organisation asks for.
   * @throws TmaError what the deposit or the keystore fails with; it is then tried again with the next contact.
   */
  settle(): Promise<void>;
  /** As `settle`, for later, and without anybody waiting for it. */
  heard(): void;
  /** Resolves when nothing is under way. */
  settledDown(): Promise<void>;
}

export interface ShareCareDeps {
  readonly parts: Pick<CoreParts, 'deps' | 'profile' | 'clock'>;
  readonly keeper: ShareKeeper;
  readonly engine: () => Pick<SyncEngine, 'depositShare'>;
  readonly deviceId: () => DeviceId;
  readonly epoch: () => Promise<string | undefined>;
}

export function careForShare({ parts, keeper, engine, deviceId, epoch }: ShareCareDeps): ShareCare {
  const { profile, clock, deps } = parts;
  const { device } = profile;
  const { secrets } = deps;
  let underWay: Promise<void> = Promise.resolve();
  let isSettled = false;

  const giveUp = async (kept: KeptShare | undefined): Promise<void> => {
    const holds = slotHoldsShare(device);
    if (kept === undefined && !holds) return;
    if (!holds) return secrets.delete(serverShareName);
    const share = keeper.inUse();
    if (kept?.isWanted === false || share === undefined) return;
    const fresh = { share, isWanted: false, deposit: kept?.deposit ?? null, windowMs: windowMs(device) };
    await writeKeptShare(secrets, keptFrom(fresh, clock.nowMs()));
  };

  const keep = async (kept: KeptShare | undefined): Promise<void> => {
    const { signer, isNew } = await ensureUnlockKey(secrets);
    const here = keeper.inUse() ?? usableShare(kept, clock.nowMs());
    // It is the only one that opens the vault: without it, nothing may take its place.
    if (here === undefined && slotHoldsShare(device)) throw new TmaError('vault.share-missing');
    const there = here === undefined && !isNew ? await askedAgain(keeper) : undefined;
    const share = here ?? there ?? randomBytes(shareBytes);
    const deposit = { epoch: (await epoch()) ?? '', device: deviceId() };
    const isDeposited =
      !isNew &&
      kept?.share === toBase64Url(share) &&
      JSON.stringify(kept.deposit) === JSON.stringify(deposit);
    if (!isDeposited) {
      await engine().depositShare({ unlockKey: toBase64Url(signer.publicKey), share: toBase64Url(share) });
    }
    const next = keptFrom({ share, isWanted: true, deposit, windowMs: windowMs(device) }, clock.nowMs());
    if (!isDeposited || !isFresh(kept, next)) await writeKeptShare(secrets, next);
  };

  const settle = async (): Promise<void> => {
    const kept = await readKeptShare(secrets);
    if (policyOf(device).serverShare === true) await keep(kept);
    else await giveUp(kept);
    isSettled = true;
  };
  const inTurn = (): Promise<void> => {
    const done = keeper.inTurn(settle);
    underWay = done.catch(() => undefined);
    return done;
  };

  return {
    settle: inTurn,
    heard() {
      // Most organisations ask for none, and the keystore is another process.
      const isNothing = isSettled && policyOf(device).serverShare !== true && !slotHoldsShare(device);
      if (!isNothing) void inTurn().catch(() => undefined);
    },
    settledDown: () => underWay,
  };
}

/** Of a laptop that did without for a while the service still has the share of before. */
async function askedAgain(keeper: ShareKeeper): Promise<Uint8Array | undefined> {
  try {
    return fromBase64Url((await keeper.ask()).share);
  } catch (thrown) {
    if (thrown instanceof TmaError && thrown.code === 'vault.share-missing') return undefined;
    throw thrown;
  }
}

function isFresh(kept: KeptShare | undefined, next: KeptShare): boolean {
  if (kept === undefined || !kept.isWanted) return false;
  const isSameWindow = kept.untilMs - kept.atMs === next.untilMs - next.atMs;
  return isSameWindow && Math.abs(next.atMs - kept.atMs) < freshForMs && next.seenMs >= kept.seenMs;
}

async function ensureUnlockKey(
  secrets: SecretStore,
): Promise<{ readonly signer: Signer; readonly isNew: boolean }> {
  const known = await unlockSigner(secrets);
  if (known !== undefined) return { signer: known, isNew: false };
  const seed = randomBytes(shareBytes);
  // A copy: a store that sends it elsewhere may keep or transfer the buffer it was given.
  await secrets.set(unlockSeedName, Uint8Array.from(seed));
  const signer = signerFromSeed(seed);
  seed.fill(0);
  return { signer, isNew: true };
}
