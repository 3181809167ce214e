/** What the rest of the core knows about the vault; `vault.ts` makes and opens one. */
import type { Kysely, Transaction } from 'kysely';
import type { Profile } from '../device/profile.ts';
import type { DriverName, VaultConnection, VaultDriver } from './driver.ts';
import type { EscrowRecipient } from './keys/escrow.ts';
import type { KdfParameters } from './keys/kdf.ts';
import type { SecretStore } from './keys/secretStore.ts';
import type { Migration } from './migrate.ts';

/**
 * The unlocked vault. There is one connection: reads and writes take turns, in the order asked for, and a
 * read never sees half a write.
 */
export interface OpenVault<Tables> {
  /** For reading, one query at a time. Inside `write` or `read` use the transaction handed in (else it throws). */
  readonly db: Kysely<Tables>;
  readonly driver: DriverName;
  readonly schema: { readonly from: number; readonly to: number };
  /**
   * Runs `work` in an immediate transaction, after the writes asked for before it. Resolves once the commit is
   * durable (`synchronous=FULL`); when `work` throws, nothing of it remains. Only for what can be had again, and is
   * asked for again by itself, `durable: false`: a power cut may undo the last of such commits, each as a whole; they
   * become durable with the next one that is.
   * @throws TmaError `vault.locked`, `vault.disk-full`, `vault.read-only`, `vault.damaged`.
   */
  write<T>(work: (tx: Transaction<Tables>) => Promise<T>, how?: WriteOptions): Promise<T>;
  /** Several queries that have to see one state. */
  read<T>(work: (tx: Transaction<Tables>) => Promise<T>): Promise<T>;
  /** Verifies every page; for a button or after a crash, not for every unlock (it reads the whole file). */
  checkIntegrity(): Promise<readonly string[]>;
  /** Waits for the work already asked for, then moves the log into the file and closes. Later calls throw `vault.locked`. */
  close(): Promise<void>;
}

export interface WriteOptions {
  /** Left out: true. */
  readonly durable?: boolean;
}

/** Whom a vault belongs to; part of the key derivation, so a slot cannot be moved to another device. */
export interface VaultBinding {
  readonly tenantId: string;
  readonly userId: string;
  readonly deviceId: string;
}

/** The clock and timers of the host. */
export interface VaultClock {
  nowMs(): number;
  /** Runs `task` once after the delay; the returned function cancels it. */
  after(delayMs: number, task: () => void): () => void;
}

/** The service's part of the key that wraps the data key, where the organisation asks for one. */
export interface ServerShare {
  /**
   * For a slot that needs it.
   * @throws TmaError `vault.share-needed`, `vault.share-missing`, `auth.*`, `access.denied`, `service.*`.
   */
  release(): Promise<Uint8Array>;
  /** What the slot is to be made with from now on: a share, none (null), or what it holds (undefined). */
  wanted(): Promise<Uint8Array | null | undefined>;
  /** The slot holds what was wanted, durably. */
  settled(): Promise<void>;
}

export interface VaultOptions {
  readonly profile: Profile;
  readonly passphrase: string;
  readonly secrets: SecretStore;
  readonly migrations: readonly Migration[];
  readonly clock: VaultClock;
  /** Without one, the default of `drivers/choose.ts`. */
  readonly driver?: VaultDriver;
  /** Without it, a vault whose slot needs the service's share does not open. */
  readonly share?: ServerShare;
  /** One step of work for a quiet moment, a few milliseconds long; answers whether there is more of it. */
  readonly tidy?: (connection: VaultConnection) => Promise<boolean>;
}

export interface CreateVaultOptions extends VaultOptions {
  readonly binding: VaultBinding;
  /** Words that make a passphrase easy to guess: the person's name, the organisation. */
  readonly contextWords?: readonly string[];
  /** Without it calibrated to this laptop: 0.5 to 1 second. */
  readonly kdf?: KdfParameters;
  /** The organisation's escrow key; without it a forgotten passphrase cannot be helped. */
  readonly escrow?: EscrowRecipient;
}

/** For a vault that is not open. */
export type RotateKeyOptions = Omit<VaultOptions, 'migrations'> & { readonly kdf?: KdfParameters };

export interface RecoverOptions extends Omit<ChangePassphraseOptions, 'passphrase'> {
  /** 32 bytes, X25519, kept offline by the organisation; the caller zeroes it. */
  readonly escrowPrivateKey: Uint8Array;
}

export interface ChangePassphraseOptions {
  readonly profile: Profile;
  /** The current one. */
  readonly passphrase: string;
  readonly newPassphrase: string;
  readonly secrets: SecretStore;
  readonly clock: VaultClock;
  readonly contextWords?: readonly string[];
  readonly kdf?: KdfParameters;
  readonly share?: Pick<ServerShare, 'release'>;
}
