/** Browsers of the Chromium family that this machine has installed. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = [
  'google-chrome-stable',
  'google-chrome',
  'chromium',
  'chromium-browser',
  'microsoft-edge-stable',
  'microsoft-edge',
  'brave-browser',
];
const macApplications = ['Google Chrome', 'Chromium', 'Microsoft Edge', 'Brave Browser'];
const windowsPrograms = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
];

/** The machine and its settings, handed in so that every platform can be tested on one. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  readonly isProgram: (path: string) => boolean;
}

export const thisMachine: Machine = {
  platform: process.platform,
  env: process.env,
  isProgram: (path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  },
};

/** Path of the first browser found, the one that TMA_BROWSER names before all others. */
export function findBrowser(machine: Machine = thisMachine): string | undefined {
  const { TMA_BROWSER } = machine.env;
  const wanted = TMA_BROWSER === undefined || TMA_BROWSER === '' ? [] : [TMA_BROWSER];
  return [...wanted, ...usualPlaces(machine)].find(machine.isProgram);
}

/** Whether a window could be shown at all. */
export function hasDisplay({ platform, env }: Machine = thisMachine): boolean {
  if (platform === 'darwin' || platform === 'win32') return env.SSH_CONNECTION === undefined;
  return Boolean(env.DISPLAY) || Boolean(env.WAYLAND_DISPLAY);
}

function usualPlaces({ platform, env }: Machine): readonly string[] {
  if (platform === 'darwin') {
    return macApplications.map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`);
  }
  if (platform === 'win32') {
    const roots = [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA].filter(
      (root) => root !== undefined,
    );
    return roots.flatMap((root) => windowsPrograms.map((program) => `${root}\\${program}`));
  }
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return names.flatMap((name) => folders.map((folder) => join(folder, name)));
}
