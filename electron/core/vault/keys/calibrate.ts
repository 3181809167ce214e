/**
 * How much work the key derivation asks for on this laptop: 0.5 to 1 second, whatever the machine. Memory comes
 * first, because it is what an attacker's hardware pays for; passes are added only where memory has reached its
 * bound. Measured once, when a key slot is made, and written into its header (RFC 9106, section 4).
 */
import { randomBytes } from 'node:crypto';
import { totalmem } from 'node:os';
import { deriveKek, type KdfParameters, weakestKdf } from './kdf.ts';

export const shortestMs = 500;
export const longestMs = 1_000;
const aimMs = 700;
const lanes = 4;
/** Memory is asked for in steps of this. */
const stepKiB = 16 * 1024;
const mostKiB = 512 * 1024;
const mostPasses = 40;
/** Measurements wander on a busy machine; after this many the last answer is taken. */
const mostTries = 4;

export interface CalibrationDeps {
  /** Milliseconds one derivation takes. */
  readonly measure: (kdf: KdfParameters) => Promise<number>;
  /** No more than an eighth of it is asked for. */
  readonly memoryBytes: number;
}

const thisMachine: CalibrationDeps = { measure: measureHere, memoryBytes: totalmem() };

/** Parameters never weaker than {@link weakestKdf}, even where that takes longer than a second. */
export async function calibrateKdf(deps: CalibrationDeps = thisMachine): Promise<KdfParameters> {
  const boundKiB = Math.max(weakestKdf.memoryKiB, Math.min(mostKiB, Math.floor(deps.memoryBytes / 1024 / 8)));
  let kdf: KdfParameters = { memoryKiB: weakestKdf.memoryKiB, passes: weakestKdf.passes, lanes };
  for (let tries = 0; tries < mostTries; tries++) {
    const tookMs = Math.max(1, await deps.measure(kdf));
    if (tookMs >= shortestMs && tookMs <= longestMs) return kdf;
    const next = scaled(kdf, aimMs / tookMs, boundKiB);
    if (next.memoryKiB === kdf.memoryKiB && next.passes === kdf.passes) return kdf;
    kdf = next;
  }
  return kdf;
}

/** The cost grows with memory × passes. */
function scaled(kdf: KdfParameters, factor: number, boundKiB: number): KdfParameters {
  const cost = kdf.memoryKiB * kdf.passes * factor;
  const fewest = weakestKdf.passes;
  const wantedKiB = Math.round(cost / fewest / stepKiB) * stepKiB;
  if (wantedKiB <= boundKiB) {
    return { memoryKiB: Math.max(weakestKdf.memoryKiB, wantedKiB), passes: fewest, lanes };
  }
  const memoryKiB = Math.floor(boundKiB / stepKiB) * stepKiB;
  const passes = Math.min(mostPasses, Math.max(fewest, Math.round(cost / memoryKiB)));
  return { memoryKiB, passes, lanes };
}

async function measureHere(kdf: KdfParameters): Promise<number> {
  const startedMs = performance.now();
  const kek = await deriveKek({
    passphrase: 'measuring only',
    salt: randomBytes(16),
    kdf,
    deviceSecret: new Uint8Array(32),
    info: 'calibration',
  });
  kek.fill(0);
  return performance.now() - startedMs;
}
