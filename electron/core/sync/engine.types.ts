/** What the core knows of the sync engine and of enrolment, and what it hands to them. */

import type { Emit } from '../../../shared/contract/events.ts';
import type { SyncView } from '../../../shared/contract/syncViews.ts';
import type { CaseId, DeviceId, TenantId, UserId } from '../../../shared/ids.ts';
import type { Signer, SyncCrypto } from '../../../shared/sync/crypto.ts';
import type { EnrolAnswer, EnrolCheckAnswer, EnrolRequest } from '../../../shared/sync/enrolment.ts';
import type {
  EnrolSignIn,
  OrganisationAnswer,
  SignedInAnswer,
  SignIn,
} from '../../../shared/sync/identity.ts';
import type { LeasesAnswer, LeasesRequest } from '../../../shared/sync/leases.ts';
import type { Pinning } from '../../../shared/sync/pins.ts';
import type { DepositRequest, ReleaseAnswer, ReleaseRequest } from '../../../shared/sync/unlock.ts';
import type { SignedWiped, WipedAnswer } from '../../../shared/sync/wiped.ts';
import type { HelloAnswer, VaultNotice } from '../../../shared/sync/wire.ts';
import type { TokenKeeper } from '../identity/tokens.ts';
import type { BlobService } from '../service/client.ts';
import type { LocalLog } from '../storage/logPort.ts';
import type { StartReader } from './handful.ts';

export interface SyncEngine {
  get(): Promise<SyncView>;
  /** Runs a full round and answers with how it ended; a failure is in the view, not thrown. */
  now(): Promise<SyncView>;
  hold(offline: boolean): Promise<SyncView>;
  /** Starts to push, pull and wait for news; returns at once. */
  start(): void;
  /** Ends after the batch under way; nothing touches the vault once it resolves. */
  stop(): Promise<void>;
  /**
   * For a laptop that is taken back, before its keys are destroyed: see `Rounds.leave`. True when there is nothing left
   * to wait for.
   */
  leave(): Promise<boolean>;
  /**
   * Checks a case out, or gives some back, and keeps what the service granted.
   * @throws TmaError `case.not-found`, `lease.too-many`, `service.*`; `service.unreachable` also while the person works
   *   offline on purpose.
   */
  leases(request: LeasesRequest): Promise<LeasesAnswer>;
  /** See `Rounds.expire`; nothing is exchanged meanwhile. */
  expire(cases: readonly CaseId[]): Promise<readonly CaseId[]>;
  /** There is something new to send. */
  wake(): void;
  /**
   * S02: shows the service a sign-in that was just made.
   * @throws TmaError `auth.*`, `service.*`.
   */
  handInSignIn(signIn: SignIn): Promise<SignedInAnswer>;
  /**
   * Gives the service its share of the vault's key to keep.
   * @throws TmaError `auth.*`, `access.denied`, `service.*`.
   */
  depositShare(request: DepositRequest): Promise<void>;
  /** What is counted has changed without an exchange: tells the screens, and says what they were told. */
  tell(): Promise<SyncView>;
  /** The service's place for attachments, over the same line. */
  readonly blobs: BlobService;
}

export interface SyncEngineDeps {
  readonly log: LocalLog;
  readonly service: ServiceAddress;
  readonly device: { readonly id: DeviceId; readonly user: UserId; readonly signer: Signer };
  /** Verifies signed heads; raw Ed25519 key. */
  readonly serviceKey: Uint8Array;
  readonly crypto: SyncCrypto;
  readonly clock: { nowMs(): number; after(delayMs: number, run: () => void): () => void };
  readonly random: () => number;
  readonly program: string;
  /** The engine emits `sync`, `cases` (origin `elsewhere`) and `directory`. */
  readonly emit: Emit;
  /** After each hello: what is shown while locked comes from here. */
  readonly onHello: (answer: HelloAnswer) => void;
  /** What the service has to be told in the next hello, and that it has been. */
  readonly notices?: {
    pending(): readonly VaultNotice[];
    told(notices: readonly VaultNotice[]): void;
  };
  readonly onSuccess: (atMs: number) => void;
  /** S02: what goes with every request of the exchange, where the organisation asks for sign-ins. */
  readonly tokens?: Pick<TokenKeeper, 'current' | 'refused'>;
  /** The unlock key under which the service keeps a share for this laptop: it goes along to a new device id. */
  readonly unlockKey?: () => Promise<string | undefined>;
  /** The vault is known to come out of a backup: it goes on under a new device id. */
  readonly isSetBack?: () => boolean;
  /** Reads what a first sync brings; left out: on this thread, so that whatever happens can be repeated. */
  readonly startReader?: StartReader;
  /** The laptop has got a new device id. */
  readonly onSucceeded?: () => void;
}
export type CreateSyncEngine = (deps: SyncEngineDeps) => SyncEngine;

export interface ServiceAddress {
  readonly url: string;
  /** The only authority the service's certificate may come from, PEM. */
  readonly caPem: string;
  /** S01: the public keys its certificates may have. */
  readonly pinning?: Pinning | undefined;
}

export interface EnrolmentService {
  /** S02: where an organisation signs in. @throws TmaError `not-found`, `service.*`. */
  organisation(tenant: TenantId): Promise<OrganisationAnswer>;
  /** Whom a sign-in is. @throws TmaError `auth.*`, `service.*`. */
  checkSignIn(signIn: EnrolSignIn): Promise<EnrolCheckAnswer>;
  /** @throws TmaError `enrol.code-*`, `service.*`. */
  check(code: string): Promise<EnrolCheckAnswer>;
  /**
   * Redeems a code, a sign-in or both for a device key. Asking again with the same code and key gives the same answer, so that an
   * answer that was lost on the way costs nothing.
   */
  redeem(request: EnrolRequest): Promise<EnrolAnswer>;
  /** Hands in what a device signed before its keys were destroyed. @throws TmaError `auth.*`, `service.*`. */
  wiped(receipt: SignedWiped): Promise<WipedAnswer>;
}
/** The service, asked by a laptop whose vault is closed. */
export interface UnlockService {
  /**
   * The service's share of the vault's key, for the unlock key.
   * @throws TmaError `auth.*`, `access.denied`, `not-found`, `service.*`.
   */
  release(signer: Signer, request: ReleaseRequest): Promise<ReleaseAnswer>;
}
export type CreateUnlockService = (address: ServiceAddress) => UnlockService;

export type CreateEnrolmentService = (address: ServiceAddress) => EnrolmentService;
