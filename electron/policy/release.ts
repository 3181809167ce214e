/** E17: whether a downloaded update may be installed. */
import { compareVersions, type Release } from '../../shared/release.ts';

export interface Update {
  /** What the manifest says; null where it is missing or not signed by our key. */
  readonly release: Release | null;
  /** What the updater says that it downloaded. */
  readonly version: string;
  readonly file: { readonly name: string; readonly sha256: string };
}

export interface Installed {
  readonly version: string;
  /** The newest minimum any manifest has named so far; kept, so that an old manifest cannot lower it. */
  readonly floor: string;
  readonly nowMs: number;
}

export type UpdateVerdict =
  | { readonly install: true; readonly floor: string }
  | { readonly install: false; readonly reason: UpdateRefusal };
export type UpdateRefusal =
  | 'not-signed'
  | 'expired'
  | 'other-version'
  | 'older'
  | 'unknown-file'
  | 'altered-file';

export function judgeUpdate(update: Update, installed: Installed): UpdateVerdict {
  const refuse = (reason: UpdateRefusal) => ({ install: false, reason }) as const;
  const { release, file } = update;
  if (release === null) return refuse('not-signed');
  if (Date.parse(release.expiresAt) <= installed.nowMs) return refuse('expired');
  if (release.version !== update.version) return refuse('other-version');
  const isNewer = compareVersions(release.version, installed.version) > 0;
  if (!isNewer || compareVersions(release.version, installed.floor) < 0) return refuse('older');
  const wanted = Object.hasOwn(release.files, file.name) ? release.files[file.name] : undefined;
  if (wanted === undefined) return refuse('unknown-file');
  if (wanted !== file.sha256) return refuse('altered-file');
  const raises = compareVersions(release.minimum, installed.floor) > 0;
  return { install: true, floor: raises ? release.minimum : installed.floor };
}
