/** Locks the vault when the person leaves: the system says so, or nothing was touched for a while. */
import type { LockReason } from '../core/process/control.ts';
import type { ElectronApi } from './api.ts';

/**
 * The longest any policy allows. The case process locks by the policy itself, going by what the page says of the
 * keyboard and the mouse; here is what holds if a page goes on saying that somebody is there.
 */
export const idleLockAfterSeconds = 3_600;
const idleCheckEveryMs = 10_000;

export interface PowerDeps {
  readonly powerMonitor: ElectronApi['powerMonitor'];
  readonly lock: (reason: LockReason) => void;
  readonly every: (periodMs: number, run: () => void) => void;
}

export function lockOnPower({ powerMonitor, lock, every }: PowerDeps): void {
  powerMonitor.on('lock-screen', () => lock('screen-lock'));
  powerMonitor.on('suspend', () => lock('suspend'));
  powerMonitor.on('user-did-resign-active', () => lock('user-switch'));
  powerMonitor.on('shutdown', () => lock('suspend'));
  every(idleCheckEveryMs, () => {
    if (powerMonitor.getSystemIdleTime() >= idleLockAfterSeconds) lock('idle');
  });
}
