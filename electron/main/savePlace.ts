/**
 * The system's dialog for saving a file. The path goes straight to the case process, which writes the file; this
 * process sees no byte of it, and the page not even the path.
 */
import type { BrowserWindow } from 'electron';
import type { FilePlace, PlaceRequest } from '../core/process/control.ts';
import type { ElectronApi } from './api.ts';

export interface SavePlaceDeps {
  readonly dialog: ElectronApi['dialog'];
  /** The window the dialog belongs to; without one nobody is there to ask. */
  readonly window: () => BrowserWindow | null;
}

export function createSavePlace({
  dialog,
  window,
}: SavePlaceDeps): (request: PlaceRequest) => Promise<FilePlace | null> {
  return async ({ name }) => {
    const owner = window();
    if (owner === null || owner.isDestroyed()) return null;
    const { canceled, filePath } = await dialog.showSaveDialog(owner, {
      defaultPath: name,
      properties: ['createDirectory', 'showOverwriteConfirmation', 'dontAddToRecent'],
    });
    return canceled || filePath === '' ? null : { type: 'file', path: filePath };
  };
}
