/**
 * E17: electron-updater over a generic provider, off unless the installation names one and the program carries the
 * key that vouches for updates. What was downloaded is held against the signed manifest, and again right before
 * it is installed, when the program ends; the updater itself never installs anything on its own.
 */
import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { AppUpdater } from 'electron-updater';
import { readRelease, signedReleaseSchema } from '../../shared/release.ts';
import type { SyncCrypto } from '../../shared/sync/crypto.ts';
import { judgeUpdate, type UpdateVerdict } from '../policy/release.ts';
import type { WorkstationConfig } from './config.ts';
import type { Log } from './log.ts';

export type Updater = Pick<
  AppUpdater,
  | 'setFeedURL'
  | 'checkForUpdates'
  | 'on'
  | 'channel'
  | 'allowDowngrade'
  | 'autoDownload'
  | 'autoInstallOnAppQuit'
  | 'logger'
  | 'quitAndInstall'
>;

export interface UpdateSource {
  /** Made only when updates are on: making one reads files. */
  readonly createUpdater: () => Updater;
  /** Ed25519 public key, base64url, built into the program; null in a program that was built without one. */
  readonly releaseKey: string | null;
  /** The JSON at that https address. Rejects for anything else. */
  readonly fetchJson: (url: string) => Promise<unknown>;
  readonly crypto: Pick<SyncCrypto, 'verify'>;
}

export interface UpdateDeps {
  readonly source: UpdateSource;
  readonly config: WorkstationConfig['updates'];
  readonly packaged: boolean;
  readonly version: string;
  /** Folder of the kept floor. */
  readonly userData: string;
  readonly every: (periodMs: number, run: () => void) => void;
  readonly log: Log;
}

export interface Updates {
  /** Installs what may be installed, which also ends the program; false where there is nothing. */
  installAtEnd(): Promise<boolean>;
}

const checkEveryMs = 6 * 60 * 60 * 1_000;
const firstFloor = '0.0.0';

interface Downloaded {
  readonly version: string;
  readonly downloadedFile: string;
}

export function startUpdates(deps: UpdateDeps): Updates {
  const { config, log, source } = deps;
  const { releaseKey } = source;
  if (config === undefined || releaseKey === null || !deps.packaged)
    return { installAtEnd: async () => false };
  const updater = source.createUpdater();
  let ready: Downloaded | null = null;

  const judge = async (downloaded: Downloaded): Promise<UpdateVerdict> => {
    const answer = await source.fetchJson(`${config.url}/${config.channel}-release.json`).catch(() => null);
    const signed = signedReleaseSchema.safeParse(answer);
    const file = {
      name: basename(downloaded.downloadedFile),
      sha256: await sha256Of(downloaded.downloadedFile),
    };
    const release = signed.success ? readRelease(signed.data, releaseKey, source.crypto) : null;
    const { version } = downloaded;
    const installed = { version: deps.version, floor: readFloor(deps.userData), nowMs: Date.now() };
    return judgeUpdate({ release, version, file }, installed);
  };
  const consider = async (downloaded: Downloaded): Promise<void> => {
    ready = null;
    const verdict = await judge(downloaded);
    if (!verdict.install) return log('update.refused', { reason: verdict.reason });
    writeFloor(deps.userData, verdict.floor);
    ready = downloaded;
    log('update.downloaded', { version: downloaded.version });
  };

  updater.logger = null;
  updater.setFeedURL({ provider: 'generic', url: config.url, channel: config.channel });
  updater.channel = config.channel;
  // Setting the channel turns downgrades on; so this comes after it.
  updater.allowDowngrade = false;
  updater.autoDownload = true;
  updater.autoInstallOnAppQuit = false;
  updater.on('update-downloaded', (event) => void consider(event).catch(() => log('update.failed')));
  // An error's message can hold addresses and paths.
  updater.on('error', () => log('update.failed'));
  const check = () => void updater.checkForUpdates().catch(() => {});
  check();
  deps.every(checkEveryMs, check);

  return {
    async installAtEnd() {
      if (ready === null) return false;
      // The file has lain in a folder of the person since it was looked at.
      const verdict = await judge(ready).catch(() => null);
      if (verdict?.install !== true) {
        log('update.refused', { reason: verdict?.reason ?? 'altered-file' });
        return false;
      }
      updater.quitAndInstall(true, false);
      return true;
    },
  };
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

const floorPath = (userData: string) => join(userData, 'update-floor');

function readFloor(userData: string): string {
  try {
    const text = readFileSync(floorPath(userData), 'utf8').trim();
    return /^\d+\.\d+\.\d+$/.test(text) ? text : firstFloor;
  } catch {
    return firstFloor;
  }
}

function writeFloor(userData: string, floor: string): void {
  writeFileSync(floorPath(userData), floor, { mode: 0o600 });
}
