/** E11: burns the fuses of `electron/policy/fuses.ts` into the packaged binary, before anything is signed. */
import { join } from 'node:path';
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';
import { fuses, strictlyRequireAllFuses } from '../electron/policy/fuses.ts';

/** @param {{ appOutDir: string, electronPlatformName: string, packager: any }} context */
export default async function afterPack({ appOutDir, electronPlatformName, packager }) {
  const options = Object.entries(fuses).map(([name, on]) => [
    FuseV1Options[/** @type {keyof typeof fuses} */ (name)],
    on,
  ]);
  await flipFuses(join(appOutDir, binaryName(electronPlatformName, packager)), {
    version: FuseVersion.V1,
    strictlyRequireAllFuses,
    // Signing comes after; an unsigned build for Apple silicon does not start without this.
    resetAdHocDarwinSignature: electronPlatformName === 'darwin',
    ...Object.fromEntries(options),
  });
}

/**
 * @param {string} platform
 * @param {{ appInfo: { productFilename: string }, executableName: string }} packager
 */
function binaryName(platform, packager) {
  if (platform === 'darwin') return `${packager.appInfo.productFilename}.app`;
  return platform === 'win32' ? `${packager.appInfo.productFilename}.exe` : packager.executableName;
}
