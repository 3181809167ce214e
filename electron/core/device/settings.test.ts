import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { DeviceId, TenantId, UserId } from '../../../shared/ids.ts';
import { temporaryFolder } from '../vault/testing.ts';
import { type DeviceIdentity, openDeviceSettings } from './settings.ts';

const id = (n: number) => `0190a000-0000-7000-8000-00000000000${n}`;
const identity: DeviceIdentity = {
  // Ids as the service gives them out.
  deviceId: id(1) as DeviceId,
  tenantId: id(2) as TenantId,
  userId: id(3) as UserId,
  userName: 'Anna Schmidt',
  userRole: 'specialist',
  label: 'Laptop im Büro',
  serviceUrl: 'https://tma.example',
  caPem: '-----BEGIN CERTIFICATE-----',
};

function withFile(work: (path: string) => void): void {
  using folder = temporaryFolder();
  work(join(folder.path, 'device.db'));
}

describe('device settings', () => {
  it('keeps what was set over a restart and forgets what was cleared', () =>
    withFile((path) => {
      const first = openDeviceSettings(path);
      expect(first.get('identity')).toBeUndefined();
      first.set('identity', identity);
      first.set('language', 'de');
      first.set('theme', 'dark');
      first.set('lastSyncAtMs', 1_767_225_600_000);
      first.set('theme', 'light');
      first.clear('language');
      first.close();
      const second = openDeviceSettings(path);
      expect(second.get('identity')).toEqual(identity);
      expect(second.get('theme')).toBe('light');
      expect(second.get('language')).toBeUndefined();
      expect(second.get('lastSyncAtMs')).toBe(1_767_225_600_000);
      second.close();
    }));

  it('counts a value that does not fit as not set, and refuses to write one', () =>
    withFile((path) => {
      const settings = openDeviceSettings(path);
      const raw = new Database(path);
      raw.exec(`INSERT INTO settings VALUES ('theme', '"pink"'), ('language', 'not json')`);
      raw.close();
      expect(settings.get('theme')).toBeUndefined();
      expect(settings.get('language')).toBeUndefined();
      expect(() => settings.set('identity', { ...identity, serviceUrl: 'http://tma.example' })).toThrow();
      settings.close();
    }));

  it('takes all of a transaction or nothing', () =>
    withFile((path) => {
      const settings = openDeviceSettings(path);
      const attempt = () =>
        settings.transaction(() => {
          settings.set('theme', 'dark');
          throw new Error('stop');
        });
      expect(attempt).toThrow('stop');
      expect(settings.get('theme')).toBeUndefined();
      settings.close();
    }));

  it('leaves no trace of a destroyed key slot in its file', () =>
    withFile((path) => {
      const settings = openDeviceSettings(path);
      const bytes = Buffer.from('wrapped-key-bytes-that-must-go');
      settings.slots.put({ kind: 'user', header: '{"header":1}', nonce: Buffer.alloc(12), wrapped: bytes });
      expect(settings.slots.get('user')?.wrapped).toEqual(bytes);
      expect(readFileSync(path).includes(bytes)).toBe(true);
      settings.slots.destroyAll();
      expect(settings.slots.get('user')).toBeUndefined();
      expect(readFileSync(path).includes(bytes)).toBe(false);
      settings.close();
    }));

  it('leaves a file of a newer program alone and says when the file is none', () =>
    withFile((path) => {
      const raw = new Database(path);
      raw.pragma('user_version = 99');
      raw.close();
      expect(() => openDeviceSettings(path)).toThrow(expect.objectContaining({ code: 'vault.newer-schema' }));
      writeFileSync(
        path,
        'this is not a database, whatever its name says; it is long enough to be looked at',
      );
      expect(() => openDeviceSettings(path)).toThrow(expect.objectContaining({ code: 'vault.damaged' }));
    }));
});
