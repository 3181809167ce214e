import { signerFromSeed } from '../../platform/crypto.ts';
import type { Stack } from './stack.ts';

/** Verifies the heads that the tasks of a stack sign. */
export function publicKeyOf({ settings }: Pick<Stack, 'settings'>): Uint8Array {
  return signerFromSeed(Buffer.from(settings.signingSeed, 'base64')).publicKey;
}
