/**
 * What makes a database write temporary data, on the vault itself: a sort that does not fit into memory, the index
 * of the search made anew, a table copied; and an attachment. Arguments: profile folder, passphrase, text of the
 * attachment. Says what it found in its open files that has no name any more.
 */
import { readdirSync, readlinkSync } from 'node:fs';
import { sql } from 'kysely';
import { openProfile } from '../../../electron/core/device/profile.ts';
import type { VaultTables } from '../../../electron/core/storage/tables.ts';
import { attachmentStore } from '../../../electron/core/vault/attachments/store.ts';
import { migrations } from '../../../electron/core/vault/migrations/index.ts';
import { openVault } from '../../../electron/core/vault/vault.ts';
import { developmentSecretStore } from '../../preview/developmentSecretStore.ts';

const [, , folder = '', passphrase = '', text = ''] = process.argv;
const spilled = new Set<string>();
function look(): void {
  for (const fd of readdirSync('/proc/self/fd')) {
    try {
      const target = readlinkSync(`/proc/self/fd/${fd}`);
      if (target.includes('etilqs') || target.endsWith('(deleted)')) spilled.add(target);
    } catch {
      // Closed between the two calls.
    }
  }
}

const profile = openProfile(folder);
const vault = await openVault<VaultTables>({
  profile,
  passphrase,
  secrets: developmentSecretStore(folder),
  migrations,
  clock: { nowMs: () => Date.now(), after: () => () => undefined },
});
await vault.write(async (tx) => {
  await sql`PRAGMA cache_size = 10`.execute(tx);
  await sql`PRAGMA cache_spill = 1`.execute(tx);
  await sql`CREATE TEMP TABLE sorted AS
    SELECT a.payload AS x FROM outbox AS a, (SELECT n FROM outbox LIMIT 200) ORDER BY a.payload DESC, a.hash`.execute(
    tx,
  );
  look();
  await sql`CREATE INDEX temp.sorted_by_x ON sorted (x)`.execute(tx);
  look();
  await sql`DROP TABLE temp.sorted`.execute(tx);
  await sql`INSERT INTO search (search) VALUES ('rebuild')`.execute(tx);
  await sql`INSERT INTO search (search) VALUES ('optimize')`.execute(tx);
  look();
});
async function* content(): AsyncGenerator<Uint8Array> {
  for (let n = 0; n < 3_000; n++) yield Buffer.from(`${text} `.repeat(50));
}
await attachmentStore(folder).write(content());
await vault.close();
profile.close();
process.stdout.write(JSON.stringify([...spilled]));
