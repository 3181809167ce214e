/** What the service has to be told of a vault: kept until the service has taken it, whatever becomes of the vault. */
import type { VaultNotice } from '../../../shared/sync/wire.ts';
import type { DeviceSettings } from './settings.ts';

const mostKept = 10;

export function addNotice(device: DeviceSettings, notice: Omit<VaultNotice, 'device'>): void {
  const of = device.get('identity')?.deviceId;
  const added: VaultNotice = of === undefined ? notice : { ...notice, device: of };
  device.set('notices', [...(device.get('notices') ?? []), added].slice(-mostKept));
}

/** The service has taken these. */
export function dropNotices(device: DeviceSettings, told: readonly VaultNotice[]): void {
  const known = new Set(told.map((notice) => JSON.stringify(notice)));
  const left = (device.get('notices') ?? []).filter((notice) => !known.has(JSON.stringify(notice)));
  if (left.length === 0) device.clear('notices');
  else device.set('notices', left);
}
