import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StoredSlot } from '../../device/keySlots.ts';
import { testKdf, testPassphrase } from '../testing.ts';
import { deriveKek, type KekInput } from './kdf.ts';
import { newVaultKey, unwrapKey, wrapKey, zeroVaultKey } from './slot.ts';

const kek = randomBytes(32);
const header = JSON.stringify({ version: 1, kind: 'user', note: 'authenticated, not secret' });

function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  const at = (bit >> 3) % copy.length;
  copy[at] = (copy[at] ?? 0) ^ (1 << (bit & 7));
  return copy;
}

describe('a wrapped data key', () => {
  const vaultKey = newVaultKey();
  const slot: StoredSlot = { kind: 'user', header, ...wrapKey(vaultKey, kek, header) };

  it('opens with its key and header', () => {
    expect(unwrapKey(slot, kek)).toEqual(vaultKey);
  });

  it('opens for nobody once a single bit of header, nonce, ciphertext or key is another', () => {
    const text = Buffer.from(header);
    fc.assert(
      fc.property(fc.constantFrom('header', 'nonce', 'wrapped', 'kek'), fc.nat(100_000), (part, bit) => {
        const changed: StoredSlot = {
          kind: 'user',
          header: part === 'header' ? Buffer.from(flipped(text, bit & ~7)).toString('latin1') : header,
          nonce: part === 'nonce' ? flipped(slot.nonce, bit) : slot.nonce,
          wrapped: part === 'wrapped' ? flipped(slot.wrapped, bit) : slot.wrapped,
        };
        const wrongKek = part === 'kek' ? flipped(kek, bit) : kek;
        expect(() => unwrapKey(changed, wrongKek)).toThrow(
          expect.objectContaining({ code: 'vault.wrong-passphrase' }),
        );
      }),
      { seed: 4711, numRuns: 500 },
    );
  });

  it('is never wrapped twice under the same nonce, and is gone when zeroed', () => {
    const nonces = Array.from({ length: 100 }, () =>
      Buffer.from(wrapKey(vaultKey, kek, header).nonce).toString('hex'),
    );
    expect(new Set(nonces).size).toBe(100);
    const key = newVaultKey();
    zeroVaultKey(key);
    expect([...key.key, ...key.salt].every((byte) => byte === 0)).toBe(true);
  });
});

describe('the key that wraps it', () => {
  const input: KekInput = {
    passphrase: testPassphrase,
    salt: Buffer.alloc(16, 1),
    kdf: testKdf,
    deviceSecret: Buffer.alloc(32, 2),
    info: '["tma vault kek",1,"t","u","d"]',
  };

  it('depends on the passphrase, the laptop, the service and on whose vault it is', async () => {
    const variants: KekInput[] = [
      input,
      { ...input, passphrase: `${testPassphrase}.` },
      { ...input, salt: Buffer.alloc(16, 9) },
      { ...input, deviceSecret: Buffer.alloc(32, 9) },
      { ...input, serverShare: Buffer.alloc(32, 2) },
      { ...input, info: '["tma vault kek",1,"t","u","other"]' },
      { ...input, kdf: { ...testKdf, passes: 4 } },
    ];
    const keks = await Promise.all(variants.map(deriveKek));
    expect(new Set(keks.map((each) => each.toString('hex'))).size).toBe(variants.length);
    expect(await deriveKek({ ...input, passphrase: testPassphrase.normalize('NFD') })).toEqual(keks[0]);
    // Fixed on purpose, and computed by Node's own Argon2 and HKDF as well: a program that derives anything else
    // opens no existing vault.
    expect(keks[0]?.toString('hex')).toBe('a0fb2b4aaa1e5b1309d15efe594e96cbb4a15bf1bbfef1aa18d330c908771612');
  });

  it('is not derived with less than the floor', async () => {
    const weak = { ...input, kdf: { ...testKdf, passes: 2 } };
    await expect(deriveKek(weak)).rejects.toMatchObject({ code: 'vault.header-weak' });
  });
});
