/**
 * E17, its first part: electron-updater over a generic provider, off unless the installation names one. What it
 * installs is checked by the platform's signature; the signed manifest on top comes with its own control.
 */
import type { AppUpdater } from 'electron-updater';
import type { WorkstationConfig } from './config.ts';
import type { Log } from './log.ts';

export type Updater = Pick<
  AppUpdater,
  'setFeedURL' | 'checkForUpdates' | 'on' | 'channel' | 'allowDowngrade' | 'autoDownload' | 'logger'
>;

export interface UpdateDeps {
  /** Made only when updates are on: making one reads files. */
  readonly createUpdater: () => Updater;
  readonly config: WorkstationConfig['updates'];
  readonly packaged: boolean;
  readonly every: (periodMs: number, run: () => void) => void;
  readonly log: Log;
}

const checkEveryMs = 6 * 60 * 60 * 1_000;

export function startUpdates(deps: UpdateDeps): void {
  const { config, log } = deps;
  if (config === undefined || !deps.packaged) return;
  const updater = deps.createUpdater();
  updater.logger = null;
  updater.setFeedURL({ provider: 'generic', url: config.url, channel: config.channel });
  updater.channel = config.channel;
  // Setting the channel turns downgrades on; so this comes after it.
  updater.allowDowngrade = false;
  updater.autoDownload = true;
  updater.on('update-downloaded', ({ version }) => log('update.downloaded', { version }));
  // An error's message can hold addresses and paths.
  updater.on('error', () => log('update.failed'));
  const check = () => void updater.checkForUpdates().catch(() => {});
  check();
  deps.every(checkEveryMs, check);
}
