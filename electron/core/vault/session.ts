/**
 * The unlocked vault: turns, transactions, and when the write-ahead log is folded into the file: soon after a write
 * but never as part of it, where whoever saves would wait for a thousand pages of earlier edits. After a burst of
 * writes the log is emptied, so that little is left behind, and what can be tidied up is.
 */
import { Kysely, type Transaction } from 'kysely';
import { vaultDialect } from './dialect.ts';
import type { VaultConnection, VaultDriver } from './driver.ts';
import { Turns } from './turns.ts';
import type { OpenVault, VaultClock, VaultOptions, WriteOptions } from './types.ts';

const restMs = 1_000;
const quietMs = 30_000;

export interface SessionParts {
  readonly connection: VaultConnection;
  readonly driver: VaultDriver;
  readonly schema: { readonly from: number; readonly to: number };
  readonly clock: VaultClock;
  readonly tidy?: VaultOptions['tidy'];
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
  readonly #tidy: VaultOptions['tidy'];
  /** What is set in the connection: it opens with `synchronous=FULL`. */
  #isDurable = true;
  #cancelRest: () => void = () => undefined;
  #cancelQuiet: () => void = () => undefined;
  #closing: Promise<void> | undefined;

  constructor({ connection, driver, schema, clock, tidy }: SessionParts) {
    this.#connection = connection;
    this.#clock = clock;
    this.#tidy = tidy;
    this.driver = driver.name;
    this.schema = schema;
    this.db = new Kysely<Tables>({ dialect: vaultDialect(connection, () => this.#turns.take()) });
    this.#held = new Kysely<Tables>({ dialect: vaultDialect(connection, async () => () => undefined) });
  }

  async write<T>(
    work: (tx: Transaction<Tables>) => Promise<T>,
    { durable = true }: WriteOptions = {},
  ): Promise<T> {
    const result = await this.#inTurn(async () => {
      await this.#setDurable(durable);
      return this.#held.transaction().execute(work);
    });
    this.#restAfterWrite();
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
    this.#cancelTimers();
    await this.#turns.close();
    await this.#truncate().catch(ignore);
    await this.#connection.close();
  }

  /** Before the transaction, never after it: where this fails, nothing is written. */
  async #setDurable(durable: boolean): Promise<void> {
    if (durable === this.#isDurable) return;
    // Takes effect while it is compiled, so a statement that was kept would do nothing.
    await this.#connection.exec(`PRAGMA synchronous = ${durable ? 'FULL' : 'NORMAL'}`);
    this.#isDurable = durable;
  }

  #restAfterWrite(): void {
    this.#cancelTimers();
    if (this.#closing !== undefined) return;
    this.#cancelRest = this.#clock.after(restMs, () => {
      this.#inTurn(() => this.#connection.get('PRAGMA wal_checkpoint(PASSIVE)')).catch(ignore);
    });
    this.#cancelQuiet = this.#clock.after(quietMs, () => {
      this.#tidyUp().catch(ignore);
    });
  }

  #cancelTimers(): void {
    this.#cancelRest();
    this.#cancelQuiet();
  }

  /** Step by step, each in a turn of its own, until there is nothing to do or somebody writes. */
  async #tidyUp(): Promise<void> {
    const tidy = this.#tidy;
    const cancelled = { yet: false };
    this.#cancelQuiet = () => {
      cancelled.yet = true;
    };
    let more = tidy !== undefined;
    while (more && !cancelled.yet) {
      more = await this.#inTurn(async () => (await tidy?.(this.#connection)) ?? false);
    }
    if (!cancelled.yet) await this.#inTurn(() => this.#truncate());
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
