/**
 * How long a laptop may work without having reached the service. After that the vault opens only while the service
 * answers, so that a laptop that is kept away from it can be wiped no later than this.
 */
import { type DevicePolicy, defaultPolicy } from '../../../shared/sync/wire.ts';
import type { DeviceSettings } from '../device/settings.ts';

const hourMs = 3_600_000;

export function policyOf(device: DeviceSettings): DevicePolicy {
  return device.get('policy') ?? defaultPolicy;
}

/** The service has answered. */
export function renewLease(device: DeviceSettings, nowMs: number): void {
  const hours = policyOf(device).offlineLeaseHours;
  device.transaction(() => {
    device.set('lastContactAtMs', nowMs);
    if (hours === null) device.clear('leaseUntilMs');
    else device.set('leaseUntilMs', nowMs + hours * hourMs);
  });
}

/** Since when the lease is over; a clock set back behind the last contact ends it as well. */
export function leaseOverSince(device: DeviceSettings, nowMs: number): number | undefined {
  const untilMs = device.get('leaseUntilMs');
  if (untilMs === undefined) return undefined;
  if (nowMs >= untilMs) return untilMs;
  return nowMs < (device.get('lastContactAtMs') ?? 0) - hourMs ? nowMs : undefined;
}

interface LeaseWatchDeps {
  readonly device: DeviceSettings;
  readonly clock: { nowMs(): number; after(delayMs: number, run: () => void): () => void };
  readonly onOver: () => void;
}

/** Watches the lease of an open vault; the returned function ends it. By the hour, because clocks are set. */
export function watchLease({ device, clock, onOver }: LeaseWatchDeps): () => void {
  let cancel: () => void = () => undefined;
  const look = (): void => {
    const nowMs = clock.nowMs();
    if (leaseOverSince(device, nowMs) !== undefined) {
      onOver();
      return;
    }
    const leftMs = (device.get('leaseUntilMs') ?? Number.POSITIVE_INFINITY) - nowMs;
    cancel = clock.after(Math.min(hourMs, leftMs), look);
  };
  cancel = clock.after(0, look);
  return () => cancel();
}
