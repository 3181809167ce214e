/** The one session of the renderer: in memory, served by ourselves, allowed nothing. */
import type { Session } from 'electron';
import { APP_SCHEME } from '../policy/origin.ts';
import { deviceAllowed, permissionAllowed, refusedDeviceEvents } from '../policy/permissions.ts';
import { deadEnd, requestAllowed } from '../policy/requests.ts';
import type { ElectronApi } from './api.ts';

export interface SessionDeps {
  readonly packaged: boolean;
  readonly serve: (request: Request) => Promise<Response>;
}

/** E02: before the program is ready, once. */
export function registerAppScheme(protocol: ElectronApi['protocol']): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

export async function hardenSession(session: Session, deps: SessionDeps): Promise<void> {
  // E02
  session.protocol.handle(APP_SCHEME, deps.serve);

  // E06: the request and the check handler; either one missing would grant.
  session.setPermissionRequestHandler((_contents, permission, callback, details) => {
    callback(permissionAllowed({ permission, url: details.requestingUrl }));
  });
  session.setPermissionCheckHandler((_contents, permission, requestingOrigin) =>
    permissionAllowed({ permission, url: requestingOrigin }),
  );
  session.setDevicePermissionHandler((details) => deviceAllowed(details.deviceType));
  session.setBluetoothPairingHandler((_details, callback) =>
    callback({ confirmed: deviceAllowed('bluetooth') }),
  );
  session.setDisplayMediaRequestHandler((_request, callback) => callback({}));
  for (const name of refusedDeviceEvents) refuseDevice(session, name);
  session.on('will-download', (event) => event.preventDefault());

  // E07: certificates are never asked about, because no request leaves; one that did gets -2, "failed".
  session.setCertificateVerifyProc((_request, callback) => callback(-2));

  // E08: no URL filter, since a filter lets through what it does not name.
  session.webRequest.onBeforeRequest((details, callback) => {
    callback({ cancel: !requestAllowed(details.url, { devTools: !deps.packaged }) });
  });

  // E08: hints of a page lead nowhere, too.
  await session.setProxy(deadEnd.proxy);

  // E07
  session.setSSLConfig({ minVersion: 'tls1.3' });

  // E01: nothing of the renderer is looked up outside, kept or spell-checked.
  session.setSpellCheckerEnabled(false);
}

function refuseDevice(session: Session, name: (typeof refusedDeviceEvents)[number]): void {
  // The three events have three types; what the shell does with each is the same.
  (session as NodeJS.EventEmitter).on(name, (event: Event, ...rest: readonly unknown[]) => {
    event.preventDefault();
    const callback = rest.at(-1);
    if (typeof callback === 'function') callback();
  });
}
