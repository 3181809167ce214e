/**
 * What the sync engine may ask of the vault. Everything that belongs together is one transaction: a page of a
 * case's log with its cursor, its signed head and the records it changes; the answer to a push.
 *
 * The engine verifies (signatures, chains, running hashes, heads) before it hands a page over; the log stores.
 */
import type { ErrorCode } from '../../../shared/errors.ts';
import type { CaseId, DeviceId, IdSource, LeaseId, PacketId } from '../../../shared/ids.ts';
import type { Witnessed } from '../../../shared/integrity/witness.ts';
import type { ChainPoint, ReadChange } from '../../../shared/sync/change.ts';
import type { Signer, SyncCrypto } from '../../../shared/sync/crypto.ts';
import type { Arrival, LogHead, SignedHead } from '../../../shared/sync/log.ts';
import type { Segment, SegmentDraft } from '../../../shared/sync/segment.ts';
import type {
  BrokenGlass,
  CasePage,
  Cursor,
  Directory,
  PushAnswer,
  SegmentOutcome,
} from '../../../shared/sync/wire.ts';
import type { SettledRun } from '../sync/settled.ts';
import type { Ended } from './endings.ts';
import type { Granted } from './leases.ts';
import type { Meta } from './meta.ts';
import type { NewCases } from './newCases.ts';
import type { KeptPacket, Seal } from './packets.ts';

export interface RunLimits {
  readonly maxChanges: number;
  /** Of the changes' texts, in UTF-8. At least one change is given, however large. */
  readonly maxBytes: number;
}

/** A page whose every signature, chain point and running hash the engine has checked. */
export interface VerifiedPage {
  readonly page: CasePage;
  /** For each run of the page, in order, the chain point of each of its changes. */
  readonly points: readonly (readonly ChainPoint[])[];
  /** For each run, what `readChange` gave for each of its changes: reading twice would cost as much as verifying. */
  readonly changes: readonly (readonly ReadChange[])[];
  /** Where the log stands after the page's last entry. */
  readonly cursor: LogHead;
  /** It begins the case anew, because the person reads something else of it: what is here makes room. */
  readonly anew?: boolean;
}

export interface AppliedPage {
  readonly caseId: CaseId;
  /** False when everything in the page was known already (own changes coming back). */
  readonly changed: boolean;
  readonly entries: number;
}

export type PageOutcome =
  | ({ readonly outcome: 'applied' } & AppliedPage)
  | { readonly outcome: 'refused'; readonly caseId: CaseId; readonly code: ErrorCode };

/** Where a case's log stands here, under which grant, and the last head the service signed for it. */
export interface CaseCursor extends Cursor {
  readonly head: SignedHead | null;
}

export interface OutboxState {
  /** Sealed ones that were not handed in are among them. */
  readonly unsent: number;
  readonly oldestUnsentAtMs: number | null;
  /** Own changes that the service refused and the person has not read about yet. */
  readonly refused: number;
  /** Refused changes of others in cases this person leads, not read yet. */
  readonly refusedToRead: number;
}

/** One entry of a log as its running hash covers it. */
export type LoggedArrival = Arrival;

export interface ChangePlace {
  readonly case: CaseId;
  readonly n: number;
  readonly hash: string;
}

export interface NextDevice {
  readonly device: { readonly id: DeviceId; readonly label: string };
  /** Private key, 32 bytes in base64url. */
  readonly seed: string;
  readonly signer: Signer;
  /** Of {@link LocalLog.pendingPlaces} those that are in the log of the service; `succession.ts` makes the keys. */
  readonly taken: ReadonlySet<string>;
  readonly ids: IdSource;
  readonly crypto: SyncCrypto;
}

export interface LogEnd extends LogHead {
  readonly case: CaseId;
}

export interface WitnessNote {
  readonly case: CaseId;
  readonly said: Witnessed;
  readonly contradicts: boolean;
}

export interface Unwitnessed {
  readonly case: CaseId;
  /** What the witness said last, where the log here agreed with it. */
  readonly said: Witnessed | null;
}

/** After the service was restored from a backup: what of its loss is not made good yet. */
export interface RestoredState {
  readonly cases: number;
  /** Changes that are held here and on their way back. */
  readonly waiting: number;
  /** Changes that are held here and that the service does not take. */
  readonly refused: number;
  /** At least so many changes of other people were in the log and are not here: other laptops hold them. */
  readonly missing: number;
}

export interface LocalLog {
  /**
   * Cases in which own changes wait that the service has not taken yet, the oldest first; so many changes are looked at.
   * Cases whose pushes were refused as a whole are left out until {@link releaseRefused}.
   */
  casesWaiting(changes: number): Promise<readonly CaseId[]>;
  /**
   * What waits in these cases, or in the oldest of {@link casesWaiting}: one draft per case, ready to be signed, as many as
   * the limits allow. Changes of one group are kept in one draft where they do.
   */
  pendingRuns(limits: RunLimits, cases?: readonly CaseId[]): Promise<readonly SegmentDraft[]>;
  /** Own changes of a case from number `from`, sent or not: for a service that lacks earlier ones. */
  ownRun(caseId: CaseId, from: number, limits: RunLimits): Promise<SegmentDraft | undefined>;
  /**
   * Records what became of pushed changes. Those quarantined are taken out of the records they had changed; `settled`
   * ones, whose places in the log are known and proved, go into the log at once, with cursor and head.
   */
  markPushed(
    answer: PushAnswer,
    settled?: readonly SettledRun[],
  ): Promise<{ readonly touched: readonly CaseId[] }>;
  /** Lets cases be pushed again that were refused as a whole, and held changes be handed in again. */
  releaseRefused(): Promise<void>;

  /** Where the log of every case here stands, those without one too. */
  ends(): Promise<readonly LogEnd[]>;
  /** What the running hash of a case's log is made of, from position 1. */
  arrivals(caseId: CaseId): Promise<readonly LoggedArrival[]>;
  /** The service was restored and has the log only up to `common`: what came after is held, and counts as before. */
  layAside(caseId: CaseId, common: LogHead): Promise<void>;
  /** What was laid aside is handed in from now on, what was taken and not given back is sent once more. */
  enterEpoch(epoch: string): Promise<void>;
  /** Signed segments of what is held, in the order of the log they were in; empty when all is handed in. */
  heldSegments(limits: RunLimits): Promise<readonly Segment[]>;
  /** What became of them, one outcome for each. */
  markHandedIn(segments: readonly Segment[], outcomes: readonly SegmentOutcome[]): Promise<void>;
  restored(): Promise<RestoredState | null>;

  /** Where each own change stands that the service may or may not have taken. */
  pendingPlaces(): Promise<readonly ChangePlace[]>;
  /** Goes on as another device: the vault was set back or copied. All in one transaction. */
  succeedAs(next: NextDevice): Promise<void>;

  /**
   * Applies verified pages, each of another case: log, cursor, head, records, lists and search, all in one
   * transaction, because a commit costs as much as a page. Own changes that come back move from the outbox into
   * the log. A page that does not fit what is here (`service.log-contradicts`, `change.chain-broken`) is refused
   * alone; nothing of it remains. `isBulk`: many cases come at once and can be had again, so the commit need not wait
   * for the disk, and texts of new cases are put into the search index afterwards (`search/due.ts`).
   */
  applyCasePages(
    pages: readonly VerifiedPage[],
    how?: { readonly isBulk?: boolean },
  ): Promise<readonly PageOutcome[]>;
  /**
   * Stores cases that are new here, in one transaction that need not wait for the disk.
   * @returns false, with nothing stored, where one of them is here already.
   */
  loadNewCases(cases: NewCases): Promise<boolean>;
  /** Cursors of the cases that have a log: of all, or of these. */
  cursors(of?: readonly CaseId[]): Promise<ReadonlyMap<CaseId, CaseCursor>>;
  /**
   * Removes a case that may no longer be seen. Own changes that were never taken are sealed with `seal`, in the same
   * transaction: the case is here and readable, or gone and sealed.
   * `isLast` for a laptop that will hand in nothing more: what it holds for a restored service keeps no case then.
   * @returns false, with nothing removed, while such changes wait and there is nothing to seal them with; but not where
   *   the service has no such case any more.
   */
  dropCase(caseId: CaseId, seal?: Seal, isLast?: boolean): Promise<boolean>;
  /** As {@link dropCase}, of a case whose time on this laptop is over; a note of that stays until it is here again. */
  expireCase(
    caseId: CaseId,
    at: { readonly atMs: number; readonly seal: Seal | undefined },
  ): Promise<boolean>;
  /** Keeps what the service granted; @returns the cases whose leases are other than before. */
  keepGranted(granted: Granted): Promise<readonly CaseId[]>;
  /** Leases that were given back here, for the service to hear of. */
  returnedLeases(): Promise<readonly LeaseId[]>;
  /** Everything was exchanged: what was noted as expired is here again, or no longer to be seen. */
  forgetExpired(): Promise<void>;
  /**
   * Closes what was open for a time that is over, by the service's clock.
   * @returns the cases of which something was closed, and those that may not be seen any more: for {@link dropCase}.
   */
  closeEnded(at: { readonly nowMs: number; readonly crypto: SyncCrypto }): Promise<Ended>;
  /** Up to which number a data protection officer was told who broke the glass; `undefined` for everybody else. */
  glassCursor(): Promise<number | undefined>;
  saveGlass(glass: readonly BrokenGlass[]): Promise<void>;
  /** Every case that is here, or only those in which own changes wait that were never taken. */
  caseIds(which: 'all' | 'waiting'): Promise<readonly CaseId[]>;
  /** What was sealed and not handed in yet, in the order of its making. */
  packets(): Promise<readonly KeptPacket[]>;
  /** The service has it: forget it here. */
  packetTaken(id: PacketId): Promise<void>;
  /** The last chain point of each device in a case's log, to verify the run that continues it. */
  devicePoints(caseId: CaseId): Promise<ReadonlyMap<DeviceId, ChainPoint>>;
  /** The hash of one change in a case's log. */
  pointAt(caseId: CaseId, device: DeviceId, n: number): Promise<ChainPoint | undefined>;

  /** Cases of which more is here than the witness has named, the latest first; and those that contradict it. */
  unwitnessed(limit: number): Promise<readonly Unwitnessed[]>;
  /** Keeps what the witness said, in place of what it said before. */
  keepWitnessed(notes: readonly WitnessNote[]): Promise<void>;
  /** The cases whose log here is not the one that the witness names. */
  contradicted(): Promise<readonly CaseId[]>;

  /** @returns whether anything differs from what was here. */
  saveDirectory(directory: Directory): Promise<boolean>;
  /** Public keys by device, base64url. */
  deviceKeys(): Promise<ReadonlyMap<DeviceId, string>>;

  state(): Promise<OutboxState>;
  get<N extends SyncNoteName>(name: N): Promise<Meta<N> | undefined>;
  set<N extends SyncNoteName>(name: N, value: Meta<N>): Promise<void>;
}

/**
 * What the engine remembers between two starts: epoch of the service the cursors belong to, position in the
 * user's own log, last success, since when there is no connection, whether the person chose to work offline,
 * which cases are set aside and why, the newest set of pins, the organisation's escrow key, how far the service's clock is
 * ahead, when the witness was asked.
 */
export type SyncNoteName =
  | 'epoch'
  | 'accessUnsure'
  | 'nextDeviceSeed'
  | 'userCursor'
  | 'lastSuccessAtMs'
  | 'offlineSinceMs'
  | 'heldOffline'
  | 'lastError'
  | 'setAside'
  | 'pins'
  | 'escrow'
  | 'serviceAheadMs'
  | 'witnessAskedAtMs';
