/** The unlocked vault: turns, transactions, and when the write-ahead log is folded into the file. */
import { Kysely, type Transaction } from 'kysely';
import { vaultDialect } from './dialect.ts';
import type { VaultConnection, VaultDriver } from './driver.ts';
import { Turns } from './turns.ts';
import type { OpenVault, VaultClock } from './types.ts';

/** SQLite folds the log in as it grows; after a burst of writes it is emptied, so that little is left behind. */
const quietMs = 30_000;

export interface SessionParts {
  readonly connection: VaultConnection;
  readonly driver: VaultDriver;
  readonly schema: { readonly from: number; readonly to: number };
  readonly clock: VaultClock;
}

export class VaultSession<Tables> implements OpenVault<Tables> {
  readonly db: Kysely<Tables>;
  readonly driver: VaultDriver['name'];
  readonly schema: { readonly from: number; readonly to: number };
  readonly #connection: VaultConnection;
  readonly #turns = new Turns();
  readonly #clock: VaultClock;
  /** For work that holds a turn already. */
  readonly #held: Kysely<Tables>;
  #cancelTruncate: () => void = () => undefined;
  #closing: Promise<void> | undefined;

  constructor({ connection, driver, schema, clock }: SessionParts) {
    this.#connection = connection;
    this.#clock = clock;
    this.driver = driver.name;
    this.schema = schema;
    this.db = new Kysely<Tables>({ dialect: vaultDialect(connection, () => this.#turns.take()) });
    this.#held = new Kysely<Tables>({ dialect: vaultDialect(connection, async () => () => undefined) });
  }

  async write<T>(work: (tx: Transaction<Tables>) => Promise<T>): Promise<T> {
    const result = await this.#inTurn(() => this.#held.transaction().execute(work));
    this.#truncateWhenQuiet();
    return result;
  }

  read<T>(work: (tx: Transaction<Tables>) => Promise<T>): Promise<T> {
    return this.#inTurn(() => this.#held.transaction().setAccessMode('read only').execute(work));
  }

  checkIntegrity(): Promise<readonly string[]> {
    return this.#inTurn(() => this.#connection.checkIntegrity());
  }

  close(): Promise<void> {
    this.#closing ??= this.#closeOnce();
    return this.#closing;
  }

  async #closeOnce(): Promise<void> {
    this.#cancelTruncate();
    await this.#turns.close();
    await this.#truncate().catch(ignore);
    await this.#connection.close();
  }

  #truncateWhenQuiet(): void {
    this.#cancelTruncate();
    if (this.#closing !== undefined) return;
    this.#cancelTruncate = this.#clock.after(quietMs, () => {
      this.#inTurn(() => this.#truncate()).catch(ignore);
    });
  }

  async #truncate(): Promise<void> {
    await this.#connection.get('PRAGMA wal_checkpoint(TRUNCATE)');
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const release = await this.#turns.take();
    try {
      return await this.#turns.holding(work);
    } finally {
      release();
    }
  }
}

// The log stays valid when it could not be folded in (a full disk, say); the next time does it.
function ignore(): void {}
