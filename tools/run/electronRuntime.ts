/** Whether an Electron runtime is on this machine. The `electron` package brings its types; the runtime is extra. */
import { join } from 'node:path';
import { hasDisplay, type Machine, thisMachine } from '../support/browsers.ts';

export type ElectronRuntime =
  | { readonly found: true; readonly program: string }
  | { readonly found: false; readonly why: string };

const programs: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'Electron.app/Contents/MacOS/Electron',
  win32: 'electron.exe',
};

export interface ElectronMachine extends Machine {
  /** Whether we are the system's administrator, as whom Chromium refuses to run sandboxed. */
  readonly isRoot: boolean;
}

export const thisElectronMachine: ElectronMachine = { ...thisMachine, isRoot: process.getuid?.() === 0 };

/** The runtime to start, or in one sentence why there is none to start. */
export function findElectron(root: string, machine: ElectronMachine = thisElectronMachine): ElectronRuntime {
  const { ELECTRON_OVERRIDE_DIST_PATH: override } = machine.env;
  const folder =
    override === undefined || override === '' ? join(root, 'node_modules', 'electron', 'dist') : override;
  const program = join(folder, programs[machine.platform] ?? 'electron');
  if (!machine.isProgram(program)) {
    const remedy =
      override === undefined ? 'npx install-electron downloads it' : `${program} is not a program`;
    return { found: false, why: `no Electron runtime is installed (${remedy})` };
  }
  if (!hasDisplay(machine)) return { found: false, why: 'there is no display to show Electron on' };
  if (machine.isRoot) return { found: false, why: 'Electron does not run as root' };
  return { found: true, program };
}
