/** How long the open vault may hold its cases, and what is done with those whose time is over. */
import type { CaseId } from '../../../shared/ids.ts';
import type { DeviceSettings } from '../device/settings.ts';
import { overCases, standingLeases } from '../storage/leases.ts';
import { readMeta, writeMeta } from '../storage/meta.ts';
import type { VaultTables } from '../storage/tables.ts';
import type { SyncEngine } from '../sync/engine.types.ts';
import type { OpenVault } from '../vault/types.ts';
import { leaseNow, raiseMark } from './lease.ts';

export interface Holding {
  /** The cases whose time is over by now. */
  over(): Promise<readonly CaseId[]>;
  /** Keeps in the vault what time it is, as the last thing before it is closed. */
  keepTime(): Promise<void>;
  /**
   * Seals what was not sent in them and removes them, as long as something checked out stays to be read. Otherwise all of
   * it stays, and nothing may be read: the vault is to be closed until the next contact.
   */
  expire(): Promise<Expiry>;
}

export interface Expiry {
  readonly removed: number;
  /** Everything whose time is over is gone. */
  readonly isDone: boolean;
}

/** The mark in the vault need not be newer than this: the one beside it is. */
const markEveryMs = 300_000;

export interface HoldingParts {
  readonly vault: OpenVault<VaultTables>;
  readonly device: DeviceSettings;
  readonly clock: { nowMs(): number };
  readonly engine: Pick<SyncEngine, 'expire'>;
}

/** Takes over the mark that the vault kept, which nobody can alter without opening it. */
export async function takeMark(vault: OpenVault<VaultTables>, device: DeviceSettings): Promise<void> {
  raiseMark(device, (await readMeta(vault.db, 'clockMarkMs')) ?? 0);
}

export function holdCases({ vault, device, clock, engine }: HoldingParts): Holding {
  const keepMark = async (olderThanMs: number): Promise<number> => {
    const nowMs = leaseNow(device, clock.nowMs());
    const markMs = (await readMeta(vault.db, 'clockMarkMs')) ?? 0;
    if (nowMs > markMs + olderThanMs) await vault.write((tx) => writeMeta(tx, 'clockMarkMs', nowMs));
    return nowMs;
  };
  const over = async () => overCases(vault.db, await keepMark(markEveryMs));
  return {
    over,
    keepTime: async () => void (await keepMark(0)),
    async expire() {
      const cases = await over();
      const nowMs = leaseNow(device, clock.nowMs());
      const stays = (await standingLeases(vault.db)).some(({ until_ms }) => until_ms > nowMs);
      if (!stays) return { removed: 0, isDone: cases.length === 0 };
      const kept = await engine.expire(cases);
      return { removed: cases.length - kept.length, isDone: kept.length === 0 };
    },
  };
}
