/** Hands in what was sealed. It has no end of its own: what is not taken today is offered again at the next contact. */
import { type ErrorCode, TmaError } from '../../../shared/errors.ts';
import type { ServiceClient } from '../service/client.ts';
import type { LocalLog } from '../storage/logPort.ts';

export interface PacketHandIn {
  /** @throws TmaError what can succeed later by itself; what cannot is kept, and is the {@link problem}. */
  all(signal: AbortSignal): Promise<void>;
  /** Why a packet is not taken, where one is not. */
  problem(): ErrorCode | null;
}

export interface PacketHandInDeps {
  readonly log: LocalLog;
  readonly service: ServiceClient;
  readonly onTaken: () => Promise<void>;
}

export function createPacketHandIn({ log, service, onTaken }: PacketHandInDeps): PacketHandIn {
  let problem: ErrorCode | null = null;
  return {
    async all(signal) {
      problem = null;
      for (const { id, text, sig } of await log.packets()) {
        if (signal.aborted) return;
        try {
          await service.handIn({ text, sig }, signal);
        } catch (thrown) {
          if (!(thrown instanceof TmaError) || thrown.retryable) throw thrown;
          problem = thrown.code;
          continue;
        }
        await log.packetTaken(id);
        await onTaken();
      }
    },
    problem: () => problem,
  };
}
