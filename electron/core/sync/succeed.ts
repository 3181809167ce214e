/**
 * Takes a new device id for a vault that was set back or copied: its chains may have been continued by another copy, or
 * would be forked by the next edit. The new key is kept before it is told, so that asking again after a lost answer
 * brings the same id.
 */
import { signerFromSeed } from '../../../platform/crypto.ts';
import { fromBase64Url, toBase64Url } from '../../../shared/bytes.ts';
import type { SyncCrypto } from '../../../shared/sync/crypto.ts';
import type { SucceedAnswer } from '../../../shared/sync/wire.ts';
import type { ServiceClient } from '../service/client.ts';
import type { LocalLog } from '../storage/logPort.ts';
import { placeKey } from '../storage/succession.ts';

export interface SucceedDeps {
  readonly log: LocalLog;
  readonly service: ServiceClient;
  readonly crypto: SyncCrypto;
  readonly clock: { nowMs(): number };
  /** Version of the program. */
  readonly program: string;
  readonly unlockKey?: (() => Promise<string | undefined>) | undefined;
}

/** The service takes no more in one request. */
const placesAtOnce = 5_000;

/** @throws TmaError what the service or the way there failed with; then nothing has changed here. */
export async function succeed(deps: SucceedDeps, signal: AbortSignal): Promise<void> {
  const { log, service, crypto, program } = deps;
  const seed = (await log.get('nextDeviceSeed')) ?? toBase64Url(crypto.randomBytes(32));
  await log.set('nextDeviceSeed', seed);
  const signer = signerFromSeed(fromBase64Url(seed) ?? new Uint8Array());
  const deviceKey = toBase64Url(signer.publicKey);
  const unlockKey = await deps.unlockKey?.();
  const asking = { deviceKey, program, ...(unlockKey === undefined ? {} : { unlockKey }) };
  const waiting = await log.pendingPlaces();
  const taken = new Set<string>();
  let device: SucceedAnswer['device'] | undefined;
  for (let at = 0; device === undefined || at < waiting.length; at += placesAtOnce) {
    const some = waiting.slice(at, at + placesAtOnce);
    const answer = await service.succeed({ ...asking, waiting: some }, signal);
    device = answer.device;
    for (const [index, { case: caseId, n }] of some.entries()) {
      if (answer.taken[index] === true) taken.add(placeKey(caseId, n));
    }
  }
  const ids = { nowMs: deps.clock.nowMs, randomBytes: crypto.randomBytes };
  await log.succeedAs({ device, seed, signer, taken, ids, crypto });
}
