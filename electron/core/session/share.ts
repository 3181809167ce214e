/**
 * The service's share of the vault's key, seen from the closed vault: kept for as long as the laptop may be away from
 * the service, then asked for again, and refused to a laptop that was taken back. What happens to it while the vault
 * is open is in `shareCare.ts`.
 */
import { signerFromSeed } from '../../../platform/crypto.ts';
import { fromBase64Url, toBase64Url } from '../../../shared/bytes.ts';
import { type ErrorCode, TmaError, toTmaError } from '../../../shared/errors.ts';
import type { Signer } from '../../../shared/sync/crypto.ts';
import type { IdentityProvider } from '../../../shared/sync/identity.ts';
import type { ReleaseAnswer } from '../../../shared/sync/unlock.ts';
import type { DeviceSettings } from '../device/settings.ts';
import type { FreshSignIn } from '../identity/signIn.ts';
import type { SecretStore } from '../vault/keys/secretStore.ts';
import {
  afterLook,
  keptFrom,
  readKeptShare,
  serverShareName,
  unlockSeedName,
  usableShare,
  writeKeptShare,
} from '../vault/keys/share.ts';
import { readUserHeader } from '../vault/keys/slot.ts';
import type { ServerShare } from '../vault/types.ts';
import { policyOf } from './lease.ts';
import type { CoreParts } from './parts.ts';
import type { TakesSignIn } from './signIn.ts';

const hourMs = 3_600_000;
/** Where the organisation lets a laptop be away for as long as it likes, its share is asked for this often. */
const longestHours = 7 * 24;

export interface ShareKeeper extends ServerShare, TakesSignIn {
  /** One reading and writing of what the keystore holds after the other. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
  /** Since when the vault opens only once the service was reached; undefined while it opens without. */
  neededSinceMs(): number | undefined;
  /** Looks at the clock: a share whose time is over is forgotten. */
  look(): Promise<void>;
  /** The vault was opened with what was released last. */
  opened(): void;
  /** What the slot of the open vault was made with, as far as it is known. */
  inUse(): Uint8Array | undefined;
  /** Asks the service for the share, whatever is kept here. @throws TmaError as `release`. */
  ask(): Promise<ReleaseAnswer>;
  /** A sign-in made for the share, once: its tokens are for the vault it opened. */
  takeSignedIn(): { readonly identity: IdentityProvider; readonly fresh: FreshSignIn } | undefined;
  /** Forgets what is in memory. */
  close(): void;
}

export function windowMs(device: DeviceSettings): number {
  return (policyOf(device).offlineLeaseHours ?? longestHours) * hourMs;
}

function createTurn(): ShareKeeper['inTurn'] {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
}

/** Whether the vault's key slot was made with a share. */
export function slotHoldsShare(device: DeviceSettings): boolean {
  const slot = device.slots.get('user');
  return slot !== undefined && readUserHeader(slot).serverShare;
}

/** The key pair that asks for the share, where there is one. */
export async function unlockSigner(secrets: SecretStore): Promise<Signer | undefined> {
  const seed = await secrets.get(unlockSeedName);
  return seed?.length === 32 ? signerFromSeed(seed) : undefined;
}

/** Nothing of these says that the share is refused: the service was not heard, or could not answer. */
const unheard: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'service.unreachable',
  'service.busy',
  'service.error',
  'service.answer-invalid',
  'input.rate-limited',
]);
/** The service has no share under this laptop's key. */
const gone: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['auth.device-unknown', 'not-found']);

export function createShareKeeper({ deps, profile, clock, unlocking }: CoreParts): ShareKeeper {
  const { device } = profile;
  const { secrets } = deps;
  let inUse: Uint8Array | undefined;
  let released: Uint8Array | undefined;
  let neededSinceMs: number | undefined;
  let signedIn: { readonly identity: IdentityProvider; readonly fresh: FreshSignIn } | undefined;

  const inTurn = createTurn();

  /** What is kept, after a look at the clock. */
  const looked = () =>
    inTurn(async () => {
      const kept = await readKeptShare(secrets);
      if (kept === undefined) return undefined;
      const after = afterLook(kept, clock.nowMs());
      if (JSON.stringify(after) !== JSON.stringify(kept)) await writeKeptShare(secrets, after);
      return after;
    });
  const ask = async (): Promise<ReleaseAnswer> => {
    const signer = await unlockSigner(secrets);
    if (signer === undefined) throw new TmaError('vault.share-missing');
    try {
      return await unlocking.release(signer, signedIn === undefined ? {} : { signIn: signedIn.fresh.shown });
    } catch (thrown) {
      const { code } = toTmaError(thrown);
      if (gone.has(code)) throw new TmaError('vault.share-missing', undefined, thrown);
      throw unheard.has(code) ? new TmaError('vault.share-needed', undefined, thrown) : thrown;
    }
  };

  return {
    inTurn,
    neededSinceMs: () => neededSinceMs,
    inUse: () => inUse,
    opened() {
      inUse = released ?? inUse;
      released = undefined;
    },
    ask,
    async look() {
      if (!slotHoldsShare(device)) return;
      const kept = await looked();
      const isUsable = usableShare(kept, clock.nowMs()) !== undefined;
      neededSinceMs = isUsable ? undefined : Math.min(kept?.untilMs ?? clock.nowMs(), clock.nowMs());
    },
    async release() {
      if (inUse !== undefined) return inUse;
      const kept = await looked();
      let share = usableShare(kept, clock.nowMs());
      if (share === undefined) {
        neededSinceMs ??= Math.min(kept?.untilMs ?? clock.nowMs(), clock.nowMs());
        const answer = await ask();
        share = fromBase64Url(answer.share) ?? new Uint8Array();
        const fresh = { share, isWanted: answer.wanted, deposit: kept?.deposit ?? null };
        const next = keptFrom({ ...fresh, windowMs: windowMs(device) }, clock.nowMs());
        await inTurn(() => writeKeptShare(secrets, next));
      }
      neededSinceMs = undefined;
      released = share;
      return share;
    },
    async wanted() {
      const kept = await readKeptShare(secrets);
      // Kept for somebody else's vault, before this one was restored in its place.
      if (kept === undefined || kept.deposit?.device !== device.get('identity')?.deviceId) return undefined;
      return kept.isWanted ? usableShare(kept, clock.nowMs()) : null;
    },
    settled: () =>
      inTurn(async () => {
        const kept = await readKeptShare(secrets);
        if (kept === undefined) return;
        if (kept.isWanted) {
          released = usableShare(kept, clock.nowMs());
          return;
        }
        released = inUse = undefined;
        await secrets.delete(serverShareName);
      }),
    async takeSignIn(identity, fresh) {
      signedIn = { identity, fresh };
    },
    takeSignedIn() {
      const taken = signedIn;
      signedIn = undefined;
      return taken;
    },
    close() {
      released = inUse = undefined;
    },
  };
}

interface ShareWatchDeps {
  readonly share: Pick<ShareKeeper, 'look' | 'neededSinceMs'>;
  readonly clock: CoreParts['clock'];
  readonly changed: () => void;
}

/** Forgets a share whose time is over also while nobody unlocks; the returned function ends it. By the hour. */
export function watchShare({ share, clock, changed }: ShareWatchDeps): () => void {
  let cancel: () => void = () => undefined;
  let isOver = false;
  const look = async (): Promise<void> => {
    const before = share.neededSinceMs();
    // A keystore that gives nothing is told of when somebody unlocks.
    await share.look().catch(() => undefined);
    if (isOver) return;
    if (share.neededSinceMs() !== before) changed();
    cancel = clock.after(hourMs, () => void look());
  };
  void look();
  return () => {
    isOver = true;
    cancel();
  };
}

/** The public half of the unlock key under which the service keeps a share for this laptop. */
export async function depositedKey(secrets: SecretStore): Promise<string | undefined> {
  const kept = await readKeptShare(secrets);
  if (kept === undefined || kept.deposit === null) return undefined;
  const signer = await unlockSigner(secrets);
  return signer === undefined ? undefined : toBase64Url(signer.publicKey);
}
