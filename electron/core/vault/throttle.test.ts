import { describe, expect, it } from 'vitest';
import { openProfile } from '../device/profile.ts';
import { countAttempt, delayMs, forgetAttempts, maxAttempts, remainingMs } from './keys/throttle.ts';
import {
  manualClock,
  memorySecrets,
  noteMigrations,
  temporaryFolder,
  testBinding,
  testKdf,
  testPassphrase,
} from './testing.ts';
import { createVault, openVault, vaultState } from './vault.ts';

const wrong = 'das ist es leider nicht gewesen';

describe('trying passphrases', () => {
  it('is free five times, then slower, and destroys the keys at the tenth failure', async () => {
    using folder = temporaryFolder();
    const clock = manualClock();
    const secrets = memorySecrets();
    const profile = openProfile(folder.path);
    const options = { profile, secrets, clock, migrations: noteMigrations };
    await (
      await createVault({ ...options, passphrase: testPassphrase, binding: testBinding, kdf: testKdf })
    ).close();
    const guess = () => openVault({ ...options, passphrase: wrong });
    for (let left = 9; left >= 5; left--) {
      await expect(guess()).rejects.toMatchObject({
        code: 'vault.wrong-passphrase',
        params: { attemptsLeft: left },
      });
    }
    await expect(guess()).rejects.toMatchObject({
      code: 'vault.throttled',
      params: { retryAfterSeconds: 30 },
    });
    // The right one has to wait as well, or the delay would tell which one is right.
    const right = openVault({ ...options, passphrase: testPassphrase });
    await expect(right).rejects.toMatchObject({ code: 'vault.throttled' });
    for (let left = 4; left >= 1; left--) {
      clock.advance(delayMs(maxAttempts - left - 1));
      await expect(guess()).rejects.toMatchObject({
        code: 'vault.wrong-passphrase',
        params: { attemptsLeft: left },
      });
    }
    clock.advance(delayMs(9));
    expect(vaultState(profile)).toBe('ready');
    await expect(guess()).rejects.toMatchObject({ code: 'vault.shredded' });
    expect(vaultState(profile)).toBe('shredded');
    expect(await secrets.get('device-secret')).toBeNull();
    expect(profile.device.slots.get('user')).toBeUndefined();
    expect(profile.device.get('shreddedAtMs')).toBe(clock.nowMs());
    await expect(openVault({ ...options, passphrase: testPassphrase })).rejects.toMatchObject({
      code: 'vault.shredded',
    });
    profile.close();
  });

  it('counts an attempt that never came to its end', () => {
    using folder = temporaryFolder();
    const before = openProfile(folder.path);
    countAttempt(before.device.attempts, 1000);
    before.close();
    const after = openProfile(folder.path);
    expect(after.device.attempts.read()).toEqual({ failed: 1, lastAtMs: 1000 });
    after.device.attempts.write({ failed: maxAttempts, lastAtMs: 1000 });
    expect(countAttempt(after.device.attempts, 10_000_000)).toEqual({ kind: 'used-up' });
    after.close();
  });

  it('does not get shorter when the clock is set back, nor longer than its length', () => {
    using folder = temporaryFolder();
    const profile = openProfile(folder.path);
    const { attempts } = profile.device;
    const failedAt = Date.UTC(2026, 5, 1);
    const dayMs = 86_400_000;
    attempts.write({ failed: 9, lastAtMs: failedAt });
    const setBack = failedAt - dayMs;
    expect(() => countAttempt(attempts, setBack)).toThrow(
      expect.objectContaining({ params: { retryAfterSeconds: 900 } }),
    );
    expect(() => countAttempt(attempts, setBack + 899_000)).toThrow(
      expect.objectContaining({ params: { retryAfterSeconds: 1 } }),
    );
    expect(remainingMs(attempts, setBack + 900_000)).toBe(0);
    forgetAttempts(attempts);
    expect(remainingMs(attempts, setBack)).toBe(0);
    profile.close();
  });
});
