/**
 * Looks, once a minute and with no need of a line, at what ends by itself. It goes by the service's clock, as far as it
 * was heard of: a laptop whose own is wrong would otherwise lose what it may keep.
 */
import type { CaseId } from '../../../shared/ids.ts';
import type { SyncCrypto } from '../../../shared/sync/crypto.ts';
import type { LocalLog } from '../storage/logPort.ts';
import type { Seal } from '../storage/packets.ts';
import type { SyncEngineDeps } from './engine.types.ts';

const everyMs = 60_000;

export interface EndingsDeps {
  readonly log: LocalLog;
  readonly clock: SyncEngineDeps['clock'];
  readonly crypto: SyncCrypto;
  /** Seals what is pending in a case that goes; `undefined` where the organisation has no key for that. */
  readonly sealer: () => Promise<Seal | undefined>;
  readonly onEnded: (cases: readonly CaseId[]) => void;
}

/** Ends what is over now. */
export async function endWhatIsOver({ log, clock, crypto, sealer, onEnded }: EndingsDeps): Promise<void> {
  const nowMs = clock.nowMs() + ((await log.get('serviceAheadMs')) ?? 0);
  const { cases, closed } = await log.closeEnded({ nowMs, crypto });
  const seal = cases.length === 0 ? undefined : await sealer();
  const gone: CaseId[] = [];
  for (const caseId of cases) if (await log.dropCase(caseId, seal)) gone.push(caseId);
  if (gone.length > 0 || closed.length > 0) onEnded([...gone, ...closed]);
}

/** From now on; the returned function ends it. */
export function watchEndings(deps: EndingsDeps, track: (work: Promise<unknown>) => void): () => void {
  let cancel: () => void = () => undefined;
  const look = (): void => {
    // What could not be closed now, a full disk may be why, is tried again.
    track(endWhatIsOver(deps));
    cancel = deps.clock.after(everyMs, look);
  };
  look();
  return () => cancel();
}
