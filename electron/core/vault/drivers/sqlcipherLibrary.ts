/**
 * The part of @journeyapps/sqlcipher that is used, described here because the package may not be installed:
 * its own types must not be needed for a type check.
 */
import { createRequire } from 'node:module';
import { TmaError } from '../../../../shared/errors.ts';
import type { SqlRow, SqlValue } from '../driver.ts';

type Callback = (error: Error | null) => void;

export interface NativeStatement {
  all(params: readonly SqlValue[], callback: (error: Error | null, rows: readonly SqlRow[]) => void): void;
  run(
    params: readonly SqlValue[],
    callback: (this: { readonly changes: number; readonly lastID: number }, error: Error | null) => void,
  ): void;
  finalize(callback: Callback): void;
}

export interface NativeDatabase {
  /** Without a callback a failing preparation would be thrown into the event loop. */
  prepare(sql: string, callback: Callback): NativeStatement;
  exec(sql: string, callback: Callback): void;
  close(callback: Callback): void;
}

export interface NativeLibrary {
  readonly OPEN_READWRITE: number;
  readonly OPEN_CREATE: number;
  readonly Database: new (path: string, flags: number, callback: Callback) => NativeDatabase;
}

/** @throws TmaError `vault.driver-missing` with the reason as its cause. */
export function loadLibrary(load: (name: string) => unknown = createRequire(import.meta.url)): NativeLibrary {
  try {
    return load('@journeyapps/sqlcipher') as NativeLibrary;
  } catch (error) {
    throw new TmaError('vault.driver-missing', { driver: 'sqlcipher' }, error);
  }
}
