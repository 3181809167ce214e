/**
 * What every connection sets and proves before it is handed out (the list of the vault's design):
 *
 *   temp_store=MEMORY     sorts and temporary tables never reach the disk: spilled pages are not encrypted
 *   trusted_schema=OFF    a tampered schema cannot call functions
 *   cell_size_check=ON    a corrupt page is noticed when it is loaded
 *   mmap_size=0           decrypted pages are not mapped, files that shrink under us do not crash us
 *   secure_delete=ON      what is deleted is overwritten
 *   WAL, synchronous=FULL a commit that was reported is on the disk
 *
 * Each is read back: a build that ignores one does not get to hold a vault.
 */
import { statSync } from 'node:fs';
import { TmaError } from '../../../../shared/errors.ts';
import type { OpenMode, VaultConnection } from '../driver.ts';

interface Protection {
  readonly pragma: string;
  readonly set: string;
  /** What reading the pragma back has to give. */
  readonly reads: number | string;
}

const protections: readonly Protection[] = [
  { pragma: 'temp_store', set: 'MEMORY', reads: 2 },
  { pragma: 'mmap_size', set: '0', reads: 0 },
  { pragma: 'trusted_schema', set: 'OFF', reads: 0 },
  { pragma: 'cell_size_check', set: 'ON', reads: 1 },
  { pragma: 'secure_delete', set: 'ON', reads: 1 },
  { pragma: 'foreign_keys', set: 'ON', reads: 1 },
  // The builds differ in their defaults; full-text triggers rely on it.
  { pragma: 'recursive_triggers', set: 'ON', reads: 1 },
];

const cacheKiB = 32 * 1024;
/** A commit folds the log in only when it has grown beyond this; the session does it between commits. */
const longestLogPages = 8_000;

/**
 * SQLite takes an empty file for a new database and would show a vault cut to nothing as one without cases.
 * @throws TmaError `vault.missing`, `vault.damaged`.
 */
export function assertPresent(path: string, mode: OpenMode): void {
  if (mode.create === true) return;
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined) throw new TmaError('vault.missing');
  if (size === 0) throw new TmaError('vault.damaged', { bytes: 0 });
}

/** Sets the protections, proves the key by reading a page, and proves that the file can be written. */
export async function protect(connection: VaultConnection, mode: OpenMode): Promise<void> {
  for (const protection of protections) await apply(connection, protection);
  await connection.get('SELECT count(*) AS tables FROM sqlite_schema');
  await apply(connection, journalOf(mode));
  await apply(connection, { pragma: 'synchronous', set: 'FULL', reads: 2 });
  await connection.exec(`PRAGMA cache_size = -${cacheKiB}`);
  await connection.get(`PRAGMA wal_autocheckpoint = ${longestLogPages}`);
  await connection.begin('immediate');
  await connection.rollback();
}

function journalOf(mode: OpenMode): Protection {
  const journal = mode.journal === 'single-file' ? 'DELETE' : 'WAL';
  return { pragma: 'journal_mode', set: journal, reads: journal.toLowerCase() };
}

async function apply(connection: VaultConnection, { pragma, set, reads }: Protection): Promise<void> {
  await connection.get(`PRAGMA ${pragma} = ${set}`);
  const row = await connection.get(`PRAGMA ${pragma}`);
  const found = Object.values(row ?? {})[0];
  // mmap_size answers nothing where memory mapping is compiled out, which is what we want.
  if (found !== reads && !(pragma === 'mmap_size' && found === undefined)) {
    throw new TmaError('vault.damaged', { pragma, found: String(found) });
  }
}
