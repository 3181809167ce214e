import type { OrgRole } from '../../shared/domain/people.ts';
import type { CaseId, DeviceId, LeaseId, TenantId, UserId } from '../../shared/ids.ts';
import type { LeasePurpose } from '../../shared/sync/leases.ts';
import type { SignedWiped, WipeReason } from '../../shared/sync/wiped.ts';
import type { Opening } from '../leases/openings.ts';

/** All instants as ISO 8601 by the service's clock, unless said otherwise. */
export interface BreachReport {
  readonly version: 1;
  readonly madeAt: string;
  readonly by: UserId;
  readonly tenant: { readonly id: TenantId; readonly name: string };
  readonly device: {
    readonly id: DeviceId;
    readonly label: string;
    /** Every id that the laptop had, this one among them. */
    readonly line: readonly DeviceId[];
    readonly user: {
      readonly id: UserId;
      readonly name: string;
      readonly role: OrgRole;
      readonly active: boolean;
    };
    readonly program: string;
    readonly enrolledAt: string;
    readonly revokedAt: string | null;
  };
  /** The last greeting of the laptop, which it repeats every ten minutes; null where there was none. */
  readonly contact: {
    readonly at: string;
    readonly userCursor: number | null;
    /** Until when it holds cases that are not checked out; null for as long as the vault opens. */
    readonly holdUntil: string | null;
    /** Until when its vault opens with passphrase and keystore, without the service; null for ever. */
    readonly vaultUntil: string | null;
  } | null;
  readonly wipe: WipeOfReport | null;
  readonly cases: readonly CaseOfReport[];
  /** What was written on it and not sent is known to nobody but the laptop. */
  readonly unsent: 'unknown';
}

export interface WipeOfReport {
  readonly orderedAt: string | null;
  /** When the laptop was told. */
  readonly heardAt: string | null;
  /** By the laptop's clock. */
  readonly wipedAt: string | null;
  readonly because: WipeReason | null;
  readonly acknowledgedAt: string | null;
  /** As the laptop signed it. */
  readonly cases: number | null;
  readonly lost: number | null;
  readonly signed: SignedWiped | null;
  /** Without a signature: the device that the laptop was enrolled as afterwards said that it had been wiped. */
  readonly toldBy: DeviceId | null;
}

export interface CaseOfReport {
  readonly case: CaseId;
  readonly number: string | null;
  /**
   * `held`: on the laptop, as far as is known. `removed`: the laptop had heard that it was taken away, and removes a case
   * before it says so.
   */
  readonly state: 'held' | 'removed';
  /** Up to which entry of its log the laptop has it, and how many there are. */
  readonly position: number;
  readonly logPosition: number | null;
  readonly firstAt: string;
  readonly lastAt: string;
  /** What of it was open to its person when it was given out, all in all; null where only edits of its own are on it. */
  readonly opened: Opening | null;
  /** How many edits were written on it. */
  readonly changesWritten: number;
  /** In the team of the case; null for intake and for who was never in it. */
  readonly role: string | null;
  readonly takenAwayAt: string | null;
  /** Its content was destroyed on the service. */
  readonly isDestroyed: boolean;
  /** Until when the laptop holds it without contact; null for ever. */
  readonly heldUntil: string | null;
  readonly leases: readonly LeaseOfReport[];
  readonly files: readonly FileOfReport[];
}

export interface LeaseOfReport {
  readonly id: LeaseId;
  readonly purpose: LeasePurpose;
  readonly since: string;
  readonly until: string;
  readonly wishedUntil: string;
  readonly renewedAt: string;
  readonly endedAt: string | null;
  readonly endedBecause: string | null;
}

export interface FileOfReport {
  readonly blob: string;
  readonly sizeBytes: number;
  readonly parts: number;
  /** How many of them the laptop fetched or brought. */
  readonly partsHeld: number;
  readonly firstAt: string;
  readonly lastAt: string;
}
