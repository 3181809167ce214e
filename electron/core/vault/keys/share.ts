/**
 * The service's share of the key that wraps the data key, as this laptop keeps it. It lies in the keystore beside the
 * device secret, for as long as the laptop may be away from the service, and not in a plain file: what is decided by
 * it must not be for anybody to change who has the disk.
 *
 *   share      the 32 bytes, or nothing once their time is over
 *   isWanted   whether the organisation asks for one: what the key slot is to be made with at the next unlock
 *   atMs       when the service was last known to stand by it, by this laptop's clock
 *   untilMs    when it has to be asked again
 *   seenMs     the latest time that was ever seen while it was used: a clock set back behind it ends the time, too
 *   deposit    where the service keeps it, and as of which of its lives
 */
import { z } from 'zod';
import { fromBase64Url, toBase64Url } from '../../../../shared/bytes.ts';
import { deviceSecretName, type SecretStore } from './secretStore.ts';

/** The seed of the key pair that asks for the share while the vault is closed. */
export const unlockSeedName = 'unlock-key';
export const serverShareName = 'server-share';
export const shareBytes = 32;

const hourMs = 3_600_000;
/** What clocks are off by, and are set by, without anybody meaning anything. */
const slackMs = hourMs;

const keptShareSchema = z.strictObject({
  version: z.literal(1),
  share: z.string().length(43).nullable(),
  isWanted: z.boolean(),
  atMs: z.int().nonnegative(),
  untilMs: z.int().nonnegative(),
  seenMs: z.int().nonnegative(),
  deposit: z.strictObject({ epoch: z.string(), device: z.string() }).nullable(),
});
export type KeptShare = z.infer<typeof keptShareSchema>;

/** Nothing where none is kept; what is kept and cannot be read counts as none, and is asked for anew. */
export async function readKeptShare(secrets: SecretStore): Promise<KeptShare | undefined> {
  const bytes = await secrets.get(serverShareName);
  if (bytes === null) return undefined;
  const text = Buffer.from(bytes).toString('utf8');
  bytes.fill(0);
  try {
    return keptShareSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Durable once resolved. */
export async function writeKeptShare(secrets: SecretStore, kept: KeptShare): Promise<void> {
  await secrets.set(serverShareName, new Uint8Array(Buffer.from(JSON.stringify(kept), 'utf8')));
}

/** Everything the keystore holds for a vault whose keys are destroyed. */
export async function forgetSecrets(secrets: SecretStore): Promise<void> {
  for (const name of [deviceSecretName, unlockSeedName, serverShareName]) await secrets.delete(name);
}

export interface FreshShare {
  readonly share: Uint8Array;
  readonly isWanted: boolean;
  readonly deposit: KeptShare['deposit'];
  readonly windowMs: number;
}

/** From the moment the service has said that it stands by the share. */
export function keptFrom({ share, isWanted, deposit, windowMs }: FreshShare, nowMs: number): KeptShare {
  const times = { atMs: nowMs, untilMs: nowMs + windowMs, seenMs: nowMs };
  return { version: 1, share: toBase64Url(share), isWanted, deposit, ...times };
}

/**
 * The share, if it may be used without asking the service. A clock set back does not make its time longer: behind the
 * latest time seen, nothing can be said of how much of it is left.
 */
export function usableShare(kept: KeptShare | undefined, nowMs: number): Uint8Array | undefined {
  if (kept === undefined || kept.share === null) return undefined;
  const isInTime = nowMs < kept.untilMs && nowMs >= kept.seenMs - slackMs;
  const share = isInTime ? fromBase64Url(kept.share) : undefined;
  return share?.length === shareBytes ? share : undefined;
}

/** As it is kept after a look at the clock: used, or without the bytes when their time is over. */
export function afterLook(kept: KeptShare, nowMs: number): KeptShare {
  const isUsable = usableShare(kept, nowMs) !== undefined;
  return { ...kept, share: isUsable ? kept.share : null, seenMs: Math.max(kept.seenMs, nowMs) };
}
