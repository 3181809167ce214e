/**
 * How long a laptop may work without having reached the service. After that the vault opens only while the service
 * answers, so that a laptop that is kept away from it can be wiped no later than this. How long single cases may be held
 * is in the vault (`storage/leases.ts`); both are judged by one clock:
 *
 *   mark  = the latest moment that is known to have come: what the laptop's clock showed, or an earlier mark and the time
 *           a timer took since. A contact sets it to the laptop's clock anew.
 *   now   = max(laptop's clock, mark)
 *
 * So a clock that is set back gives no more time; while the program does not run and the clock stands back, time stands
 * still and does not return. A clock that was ahead by mistake costs a contact.
 */

import { type DevicePolicy, defaultPolicy } from '../../../shared/sync/enrolment.ts';
import { vaultUntilMs } from '../../../shared/sync/leases.ts';
import type { DeviceSettings } from '../device/settings.ts';

const hourMs = 3_600_000;
/** How often an open vault looks at the clock. */
const tickMs = 60_000;

export function policyOf(device: DeviceSettings): DevicePolicy {
  return device.get('policy') ?? defaultPolicy;
}

/** The service has answered; `checkedOutUntilMs`: the latest end of what is checked out here, 0 where nothing is. */
export function renewLease(device: DeviceSettings, nowMs: number, checkedOutUntilMs = 0): void {
  device.transaction(() => {
    device.set('lastContactAtMs', nowMs);
    device.set('clockMarkMs', nowMs);
    setLease(device, vaultUntilMs(policyOf(device), { atMs: nowMs, checkedOutUntilMs }));
  });
}

/** Something was checked out or given back since the last contact. */
export function checkedOut(device: DeviceSettings, checkedOutUntilMs: number): void {
  const atMs = device.get('lastContactAtMs');
  if (atMs === undefined) return;
  device.transaction(() => setLease(device, vaultUntilMs(policyOf(device), { atMs, checkedOutUntilMs })));
}

/** Nothing here may be read any more, and not all of it could be removed. */
export function endLease(device: DeviceSettings, nowMs: number): void {
  device.set('leaseUntilMs', nowMs);
}

function setLease(device: DeviceSettings, untilMs: number | null): void {
  if (untilMs === null) device.clear('leaseUntilMs');
  else device.set('leaseUntilMs', untilMs);
}

/** What time it is as far as leases are concerned. */
export function leaseNow(device: DeviceSettings, clockMs: number): number {
  return Math.max(clockMs, device.get('clockMarkMs') ?? 0);
}

/** Keeps what the clock shows, or that so much time has passed since, where the clock says less. */
function markClock(device: DeviceSettings, clockMs: number, passedMs: number): void {
  const markMs = device.get('clockMarkMs') ?? 0;
  device.set('clockMarkMs', Math.max(clockMs, markMs === 0 ? 0 : markMs + passedMs));
}

/** A mark from elsewhere counts where it is later: the settings of the device lie outside the vault. */
export function raiseMark(device: DeviceSettings, markMs: number): void {
  if (markMs > (device.get('clockMarkMs') ?? 0)) device.set('clockMarkMs', markMs);
}

/** Since when the lease is over; a clock set back behind the last contact ends it as well. */
export function leaseOverSince(device: DeviceSettings, clockMs: number): number | undefined {
  const untilMs = device.get('leaseUntilMs');
  if (untilMs === undefined) return undefined;
  const nowMs = leaseNow(device, clockMs);
  if (nowMs >= untilMs) return untilMs;
  return clockMs < (device.get('lastContactAtMs') ?? 0) - hourMs ? nowMs : undefined;
}

interface LeaseWatchDeps {
  readonly device: DeviceSettings;
  readonly clock: { nowMs(): number; after(delayMs: number, run: () => void): () => void };
  readonly onOver: () => void;
  /** Looks after cases whose time is over. */
  readonly onTick: () => void;
}

/** Watches the leases of an open vault; the returned function ends it. By the minute, because clocks are set. */
export function watchLease({ device, clock, onOver, onTick }: LeaseWatchDeps): () => void {
  let cancel: () => void = () => undefined;
  const look = (passedMs: number): void => {
    const clockMs = clock.nowMs();
    markClock(device, clockMs, passedMs);
    if (leaseOverSince(device, clockMs) !== undefined) {
      onOver();
      return;
    }
    onTick();
    const leftMs = (device.get('leaseUntilMs') ?? Number.POSITIVE_INFINITY) - leaseNow(device, clockMs);
    const nextMs = Math.min(tickMs, leftMs);
    cancel = clock.after(nextMs, () => look(nextMs));
  };
  cancel = clock.after(0, () => look(0));
  return () => cancel();
}
