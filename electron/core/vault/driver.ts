/**
 * The port between the vault and an encrypted SQLite library. Two drivers implement it over one file format
 * (SQLCipher 4: AES-256-CBC pages of 4096 bytes, HMAC-SHA-512), so either opens the other's files; the
 * conformance suite `drivers/conformance.test.ts` is the contract in executable form.
 *
 * SQL has to stay inside what both builds offer: FTS5, JSON, RETURNING, UPSERT, window functions, STRICT,
 * WITHOUT ROWID; not `UPDATE … LIMIT`, not the math functions; strings in single quotes only.
 */

/** What can be bound and what comes back. Booleans are stored as 0 and 1, instants as integer milliseconds. */
export type SqlValue = null | number | string | Uint8Array;
export type SqlRow = Readonly<Record<string, SqlValue>>;

export interface RunResult {
  /** Rows inserted, updated or deleted by this statement. */
  readonly changes: number;
  readonly lastInsertRowid: number;
}

/** The data key (DEK) of a vault file. Whoever made the buffers zeroes them once `open` has returned. */
export interface VaultKey {
  /** 32 bytes. */
  readonly key: Uint8Array;
  /** 16 bytes; the first 16 bytes of the file. */
  readonly salt: Uint8Array;
}

export interface OpenMode {
  /** Make the file when it is not there; without it a missing file fails with `vault.missing`. */
  readonly create?: boolean;
  /**
   * `write-ahead` (the default) for a vault in use. `single-file` keeps everything in the one file, for a file
   * that is being made or rekeyed and must be complete once closed.
   */
  readonly journal?: 'write-ahead' | 'single-file';
}

export type TransactionMode = 'immediate' | 'deferred';

/**
 * One open, keyed connection. Statements run in the order they were asked for. Every failure that a person
 * can do something about is a `TmaError` (`vault.disk-full`, `vault.read-only`, `vault.damaged`), everything
 * else a {@link SqlError}.
 */
export interface VaultConnection {
  run(sql: string, params?: readonly SqlValue[]): Promise<RunResult>;
  all(sql: string, params?: readonly SqlValue[]): Promise<readonly SqlRow[]>;
  get(sql: string, params?: readonly SqlValue[]): Promise<SqlRow | undefined>;
  /** Several statements without parameters, for schema scripts. */
  exec(sql: string): Promise<void>;
  begin(mode: TransactionMode): Promise<void>;
  commit(): Promise<void>;
  /** Does nothing when SQLite has already rolled the transaction back (as it does on a full disk). */
  rollback(): Promise<void>;
  /** Reads the whole file and verifies each page's authentication code; empty when the file is whole. */
  checkIntegrity(): Promise<readonly string[]>;
  /**
   * Encrypts every page anew under another key with the same salt. Only for a `single-file` connection to a
   * copy: a crash may leave the file unusable.
   */
  rekey(key: VaultKey): Promise<void>;
  /** Moves the write-ahead log into the file and releases it. Closing twice is harmless. */
  close(): Promise<void>;
}

export type DriverName = 'multiple-ciphers' | 'sqlcipher';

export interface VaultDriver {
  readonly name: DriverName;
  /**
   * Opens the file with every protection of `drivers/opening.ts` set and proved, and one page read to prove
   * the key. Fails with `vault.missing`, `vault.damaged` (or the wrong key), `vault.read-only`,
   * `vault.disk-full`.
   */
  open(path: string, key: VaultKey, mode?: OpenMode): Promise<VaultConnection>;
}

/** A statement that SQLite refused: a constraint, a syntax error. Carries SQL at most, never a value. */
export class SqlError extends Error {
  override readonly name = 'SqlError';
  /** SQLite's primary result code, such as `SQLITE_CONSTRAINT`. */
  readonly code: string;

  constructor(code: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}
