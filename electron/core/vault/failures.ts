/** Turns what SQLite reports into the failures a person can act on. Both drivers and the device file use it. */
import { type ErrorCode, TmaError } from '../../../shared/errors.ts';
import { SqlError } from './driver.ts';

const codes: ReadonlyMap<string, ErrorCode> = new Map([
  ['SQLITE_FULL', 'vault.disk-full'],
  // The shared-memory index of the write-ahead log could not be grown: the disk is full.
  ['SQLITE_IOERR_SHMSIZE', 'vault.disk-full'],
  ['SQLITE_READONLY', 'vault.read-only'],
  // The file is there (that was looked at before), so it or its log may not be opened for writing.
  ['SQLITE_CANTOPEN', 'vault.read-only'],
  ['SQLITE_CORRUPT', 'vault.damaged'],
  ['SQLITE_NOTADB', 'vault.damaged'],
  ['SQLITE_IOERR', 'vault.damaged'],
]);

/**
 * The failure behind an error thrown by SQLite or the file system: a `TmaError` where a person can do
 * something, else a {@link SqlError}; what neither of them threw comes back as it is.
 */
export function vaultFailure(error: unknown): Error {
  if (error instanceof TmaError || error instanceof SqlError) return error;
  if (!(error instanceof Error)) return new Error(String(error));
  const code = errorCode(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') return new TmaError('vault.disk-full', undefined, error);
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM') {
    return new TmaError('vault.read-only', undefined, error);
  }
  if (!code.startsWith('SQLITE_')) return error;
  const primary = code.split('_').slice(0, 2).join('_');
  const known = codes.get(code) ?? codes.get(primary);
  return known === undefined
    ? new SqlError(primary, error.message, error)
    : new TmaError(known, undefined, error);
}

function errorCode(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}
