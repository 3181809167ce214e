/** What is signed by a key that the organisation keeps offline: updates (E17) and pins (S01). */
import { createHash, X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newSigningSeed, signerFromSeed } from '../../platform/crypto.ts';
import { fromBase64Url, toBase64Url } from '../../shared/bytes.ts';
import { type SignedRelease, signRelease } from '../../shared/release.ts';
import type { Signer } from '../../shared/sync/crypto.ts';
import { type SignedPinSet, signPinSet } from '../../shared/sync/pins.ts';
import { ToolError } from '../support/tool-error.ts';

/** Makes a key in a file that must not exist yet. @returns its public half, base64url. */
export function makeKey(file: string): string {
  const seed = newSigningSeed();
  try {
    writeFileSync(file, `${toBase64Url(seed)}\n`, { mode: 0o600, flag: 'wx' });
  } catch {
    throw new ToolError(`${file} cannot be made, or is there already; a key is never overwritten.`);
  }
  return toBase64Url(signerFromSeed(seed).publicKey);
}

function readKey(file: string): Signer {
  const seed = fromBase64Url(readFileSync(file, 'utf8').trim());
  if (seed?.length !== 32) throw new ToolError(`${file} holds no key.`);
  return signerFromSeed(seed);
}

/** The pin of a certificate's public key. */
export function pinOfCertificate(file: string): string {
  const { publicKey } = new X509Certificate(readFileSync(file));
  return createHash('sha256')
    .update(publicKey.export({ format: 'der', type: 'spki' }))
    .digest('base64');
}

export interface PinOrder {
  readonly key: string;
  readonly serial: number;
  readonly expiresAt: string;
  readonly pins: readonly string[];
}

/** For the settings of the organisation on the service, which hands it on to every laptop. */
export function signPins({ key, serial, expiresAt, pins }: PinOrder): SignedPinSet {
  return signPinSet({ serial, expiresAt, pins: [...pins] }, readKey(key));
}

export interface ReleaseOrder {
  readonly key: string;
  readonly version: string;
  readonly minimum: string;
  readonly expiresAt: string;
  /** The files to install from, as they will lie beside the manifest. */
  readonly folder: string;
}

const installers = /\.(AppImage|deb|exe|dmg|zip)$/;

/** To be put beside the files as `CHANNEL-release.json`. */
export function signFiles({ key, version, minimum, expiresAt, folder }: ReleaseOrder): SignedRelease {
  const names = readdirSync(folder).filter((name) => installers.test(name));
  if (names.length === 0) throw new ToolError(`There is nothing to install in ${folder}.`);
  const hashOf = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex');
  const files = Object.fromEntries(names.map((name) => [name, hashOf(name)]));
  return signRelease({ version, minimum, expiresAt, files }, readKey(key));
}
