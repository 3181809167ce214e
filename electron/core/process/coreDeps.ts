/**
 * The seam between the case process and the workstation core: what the process hands in, what it gets back.
 * `core.ts` implements {@link CreateCore}; `entry.ts` calls it.
 */
import type { Emit, EventOf } from '../../../shared/contract/events.ts';
import type { Handlers } from '../../../shared/contract/procedures.ts';
import type {
  BrowserOutcome,
  CoreConfig,
  FilePlace,
  LockReason,
  PlaceRequest,
  SecretStore,
} from './control.ts';

export interface CoreDeps {
  readonly config: CoreConfig;
  readonly secrets: SecretStore;
  /** Sends a contract event to every connected renderer. */
  readonly emit: Emit;
  /**
   * Ends this process as a lock: answers under way are sent, `Core.close` runs, the host starts a fresh, locked
   * process. Call it from the lock procedure, the idle timer, a policy push. Returns at once.
   */
  readonly requestLock: (reason: LockReason) => void;
  /** Tells the host that case data is reachable from now on; call it after a successful unlock or enrolment. */
  readonly announceUnlocked: () => void;
  /** E14: hands text to the host's clipboard, which forgets it after a while and at the lock. */
  readonly copyText: (text: string) => void;
  /** Asks the person, through the host, where a file that leaves the vault goes; null when nowhere. */
  readonly choosePlace: (request: PlaceRequest) => Promise<FilePlace | null>;
  /** S02: has the host open the page of a sign-in; it asks the person first, and only listed hosts are opened. */
  readonly openInBrowser: (url: string) => Promise<BrowserOutcome>;
}

export interface Core {
  /** One function per procedure of the contract. */
  readonly handlers: Handlers;
  /** The lock gate: procedures that need an open vault are refused while this is false. */
  isUnlocked(): boolean;
  /** What a renderer that has just connected is told first, as the payload of the `session` event. */
  sessionEvent(): EventOf<'session'>;
  /** Stops sync, closes the vault, zeroes keys. Runs once, at most {@link closeLimitMs}. */
  close(): Promise<void>;
}

/** Builds the core in its locked state. A failure ends the process and is shown by its code. */
export type CreateCore = (deps: CoreDeps) => Promise<Core>;

/** A lock has to be over within 2 s; what is not closed by then ends with the process. */
export const closeLimitMs = 1_500;
