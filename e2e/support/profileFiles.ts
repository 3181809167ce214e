/** The files of a profile as somebody with access to the disk could read and write them. */
import { closeSync, openSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { deviceIdentitySchema } from '../../electron/core/device/settings.ts';
import { serverShareName } from '../../electron/core/vault/keys/share.ts';
import type { DeviceId } from '../../shared/ids.ts';

/** The plain file beside the vault. */
export function deviceFile({ profileDir }: { readonly profileDir: string }) {
  const use = <T>(work: (database: Database.Database) => T): T => {
    const database = new Database(join(profileDir, 'device.db'));
    try {
      return work(database);
    } finally {
      database.close();
    }
  };
  return {
    /** As if an hour had passed since the last attempt. */
    passTime: () => use((database) => database.exec('UPDATE attempts SET last_at_ms = last_at_ms - 3600000')),
    /** As if the lease had been over since then; `undefined` takes it off again. */
    endLease: (atMs: number | undefined) =>
      use((database) => {
        database.exec(`DELETE FROM settings WHERE name = 'leaseUntilMs'`);
        if (atMs === undefined) return;
        const insert = `INSERT INTO settings (name, value) VALUES ('leaseUntilMs', ?)`;
        database.prepare<[string]>(insert).run(JSON.stringify(atMs));
      }),
    /** As if the laptop had seen that moment come. */
    passUntil: (atMs: number) =>
      use((database) => {
        const insert = `INSERT OR REPLACE INTO settings (name, value) VALUES ('clockMarkMs', ?)`;
        database.prepare<[string]>(insert).run(JSON.stringify(atMs));
      }),
    deviceId: (): DeviceId =>
      use((database) => {
        const row = database
          .prepare<[], { value: string }>(`SELECT value FROM settings WHERE name = 'identity'`)
          .get();
        return deviceIdentitySchema.parse(JSON.parse(row?.value ?? 'null')).deviceId;
      }),
  };
}

/** The development keystore, as if the time of the service's share in it had been over for an hour. */
export function endShare({ profileDir }: { readonly profileDir: string }): void {
  const path = join(profileDir, 'development-only-secrets.json');
  const secrets = z.record(z.string(), z.base64()).parse(JSON.parse(readFileSync(path, 'utf8')));
  const kept: unknown = JSON.parse(Buffer.from(secrets[serverShareName] ?? '', 'base64').toString('utf8'));
  const ended = JSON.stringify({ ...z.looseObject({}).parse(kept), untilMs: Date.now() - 3_600_000 });
  const share = { [serverShareName]: Buffer.from(ended).toString('base64') };
  writeFileSync(path, JSON.stringify({ ...secrets, ...share }));
}

/** The first page of the vault, with the schema: nothing can be read without it. */
export function damageVault({ profileDir }: { readonly profileDir: string }): void {
  const path = join(profileDir, 'vault.db');
  if (statSync(path).size <= 8_192) throw new Error('the vault is not in its file yet');
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(4_000, 0x5a), 0, 4_000, 32);
  closeSync(file);
}
