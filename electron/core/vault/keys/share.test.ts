import { describe, expect, it } from 'vitest';
import { memorySecrets } from '../testing.ts';
import {
  afterLook,
  forgetSecrets,
  keptFrom,
  readKeptShare,
  serverShareName,
  unlockSeedName,
  usableShare,
  writeKeptShare,
} from './share.ts';

const dayMs = 86_400_000;
const nowMs = Date.UTC(2026, 10, 28);
const share = new Uint8Array(32).fill(3);
const kept = keptFrom({ share, isWanted: true, deposit: null, windowMs: 7 * dayMs }, nowMs);

describe('a kept share', () => {
  it('may be used until its time is over, and not after', () => {
    expect(usableShare(kept, nowMs)).toEqual(share);
    expect(usableShare(kept, nowMs + 7 * dayMs - 1)).toEqual(share);
    expect(usableShare(kept, nowMs + 7 * dayMs)).toBeUndefined();
    expect(usableShare(undefined, nowMs)).toBeUndefined();
  });

  it('is not used longer because the clock was set back', () => {
    const onTheSixthDay = afterLook(kept, nowMs + 6 * dayMs);
    expect(usableShare(onTheSixthDay, nowMs + 6 * dayMs)).toEqual(share);
    expect(usableShare(onTheSixthDay, nowMs + dayMs)).toBeUndefined();
    expect(usableShare(kept, nowMs - dayMs)).toBeUndefined();
    // What clocks do by themselves.
    expect(usableShare(onTheSixthDay, nowMs + 6 * dayMs - 60_000)).toEqual(share);
  });

  it('is gone for good from the first look after its time, whatever the clock says then', () => {
    const over = afterLook(kept, nowMs + 8 * dayMs);
    expect(over.share).toBeNull();
    expect(over.isWanted).toBe(true);
    expect(usableShare(over, nowMs)).toBeUndefined();
    expect(usableShare(over, nowMs + 8 * dayMs)).toBeUndefined();
    expect(afterLook(kept, nowMs - dayMs).share).toBeNull();
  });

  it('comes out of the keystore as it went in, and one that cannot be read counts as none', async () => {
    const secrets = memorySecrets();
    expect(await readKeptShare(secrets)).toBeUndefined();
    await writeKeptShare(secrets, kept);
    expect(await readKeptShare(secrets)).toEqual(kept);
    for (const text of ['', '{}', 'no json', JSON.stringify({ ...kept, more: 1 })]) {
      await secrets.set(serverShareName, new Uint8Array(Buffer.from(text)));
      expect(await readKeptShare(secrets)).toBeUndefined();
    }
  });

  it('is destroyed with everything else the keystore holds for a vault', async () => {
    const secrets = memorySecrets();
    await writeKeptShare(secrets, kept);
    await secrets.set(unlockSeedName, new Uint8Array(32));
    await secrets.set('device-secret', new Uint8Array(32));
    await forgetSecrets(secrets);
    for (const name of [serverShareName, unlockSeedName, 'device-secret']) {
      expect(await secrets.get(name)).toBeNull();
    }
  });
});
