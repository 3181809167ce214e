/** Locks the vault when the person leaves: the system says so, or nothing was touched for a while. */
import type { LockReason } from '../core/process/control.ts';
import type { ElectronApi } from './api.ts';

/** Policy default of the vault; a shorter one comes with the policies of the service. */
export const idleLockAfterSeconds = 300;
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
