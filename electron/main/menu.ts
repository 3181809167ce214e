/** The program's menu: roles of the system, and the lock. */
import type { MenuItemConstructorOptions } from 'electron';
import type { Say } from './texts.ts';

export interface MenuDeps {
  readonly say: Say;
  readonly packaged: boolean;
  readonly platform: string;
  readonly lock: () => void;
}

export function menuTemplate(deps: MenuDeps): MenuItemConstructorOptions[] {
  const { say } = deps;
  const lock = { label: say('menu.lock'), accelerator: 'CommandOrControl+L', click: deps.lock };
  const quit = { label: say('menu.quit'), role: 'quit' } as const;
  const first: MenuItemConstructorOptions =
    deps.platform === 'darwin'
      ? {
          role: 'appMenu',
          submenu: [lock, { type: 'separator' }, { role: 'hide' }, { type: 'separator' }, quit],
        }
      : { label: say('menu.file'), submenu: [lock, { type: 'separator' }, quit] };
  const zoom = [{ role: 'zoomIn' }, { role: 'zoomOut' }, { role: 'resetZoom' }] as const;
  // E01: no developer tools in a packaged program, and no reload that would only lose what is typed.
  const developer = deps.packaged ? [] : ([{ role: 'reload' }, { role: 'toggleDevTools' }] as const);
  return [
    first,
    { label: say('menu.edit'), role: 'editMenu' },
    {
      label: say('menu.view'),
      submenu: [...zoom, { type: 'separator' }, { role: 'togglefullscreen' }, ...developer],
    },
    { label: say('menu.window'), role: 'windowMenu' },
  ];
}
