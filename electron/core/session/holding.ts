/** How long the open vault may hold its cases, and what is done with those whose time is over. */
import type { CaseId } from '../../../shared/ids.ts';
import type { DeviceSettings } from '../device/settings.ts';
import { overCases } from '../storage/leases.ts';
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
  /** Seals what was not sent in them and removes them. False where some had to stay: then nothing may be read. */
  expire(): Promise<boolean>;
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
      const kept = await engine.expire(await over());
      return kept.length === 0;
    },
  };
}
