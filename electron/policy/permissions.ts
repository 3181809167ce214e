/**
 * E06: what a page may ask the system for: nothing. Electron grants a permission whose handler is missing, so
 * the shell installs a handler for each list below and all of them ask here. The arguments are what Electron
 * hands over; they are named so that a later exception has to state its conditions here, next to its test.
 */
export interface PermissionQuestion {
  readonly permission: string;
  readonly url: string;
}

/** For both the request and the check handler; installing only one of them leaves the other granting. */
export function permissionAllowed(_question: PermissionQuestion): boolean {
  return false;
}

/** For HID, serial, USB and Bluetooth devices, asked with the kind of device. */
export function deviceAllowed(_kind: string): boolean {
  return false;
}

/** Session events that choose a device for a page; the shell prevents each. */
export const refusedDeviceEvents = ['select-hid-device', 'select-serial-port', 'select-usb-device'] as const;

/** For every download; documents leave the vault through the core, never through the browser. */
export function downloadAllowed(_url: string): boolean {
  return false;
}
