/** Leases between laptop and service: renewed by every hello, taken and given back when the person wants it. */
import type { Emit } from '../../../shared/contract/events.ts';
import { defaultPolicy } from '../../../shared/sync/enrolment.ts';
import { holdUntilMs, type LeasesAnswer, type LeasesRequest } from '../../../shared/sync/leases.ts';
import type { HelloAnswer } from '../../../shared/sync/wire.ts';
import type { ServiceClient } from '../service/client.ts';
import type { LocalLog } from '../storage/logPort.ts';

export interface LeaseKeeper {
  /** Keeps what a hello renewed. @returns the answer, with the leases as they are now. */
  renewed(answer: HelloAnswer, askedAtMs: number, signal: AbortSignal): Promise<HelloAnswer>;
  ask(request: LeasesRequest, signal: AbortSignal): Promise<LeasesAnswer>;
}

export interface LeaseKeeperDeps {
  readonly log: Pick<LocalLog, 'keepGranted' | 'returnedLeases'>;
  readonly service: Pick<ServiceClient, 'leases'>;
  readonly clock: { nowMs(): number };
  readonly emit: Emit;
}

export function createLeaseKeeper({ log, service, clock, emit }: LeaseKeeperDeps): LeaseKeeper {
  const tell = (caseIds: Awaited<ReturnType<LocalLog['keepGranted']>>): void => {
    if (caseIds.length > 0) emit('cases', { caseIds: [...caseIds], origin: 'here' });
  };
  return {
    async renewed(answer, askedAtMs, signal) {
      const { policy = defaultPolicy, serverTimeMs } = answer;
      if (answer.leases === undefined) {
        // An older service knows of no leases: nothing ends before the vault locks.
        tell(
          await log.keepGranted({ leases: [], aheadMs: 0, contact: { atMs: askedAtMs, holdUntilMs: null } }),
        );
        return answer;
      }
      // What was given back here is told first, so that it is not renewed.
      const giveBack = [...(await log.returnedLeases())];
      const told = giveBack.length > 0 ? await service.leases({ giveBack }, signal) : undefined;
      const leases = told?.leases ?? answer.leases;
      const aheadMs = askedAtMs - serverTimeMs;
      const contact = { atMs: askedAtMs, holdUntilMs: holdUntilMs(policy, askedAtMs) };
      tell(await log.keepGranted({ leases, aheadMs, contact }));
      return { ...answer, leases };
    },
    async ask(request, signal) {
      const askedAtMs = clock.nowMs();
      const answer = await service.leases(request, signal);
      tell(await log.keepGranted({ leases: answer.leases, aheadMs: askedAtMs - answer.serverTimeMs }));
      return answer;
    },
  };
}
