/**
 * Decides for each new change of a case, in the order of the log, whether it counts, and merges those that do.
 * Pure. A change that may not count is quarantined with the reason: it keeps its place in the log and changes
 * nothing, so one refusal never holds up what follows. Changes of one group stand or fall together.
 */
import type { OrgRole } from '../../shared/domain/people.ts';
import type { Reading } from '../../shared/domain/reading.ts';
import { isHandedOver, mayWrite, type Standing } from '../../shared/domain/rights.ts';
import type { ErrorCode } from '../../shared/errors.ts';
import {
  type CaseId,
  type ChangeId,
  caseRecordId,
  type DeviceId,
  type RecordId,
  type UserId,
} from '../../shared/ids.ts';
import type { Json } from '../../shared/json.ts';
import { isWithheld } from '../../shared/sync/change.ts';
import { effectiveStamp, type Stamp } from '../../shared/sync/clock.ts';
import { applyChange, type RecordState } from '../../shared/sync/merge.ts';
import { refusalOf } from '../../shared/sync/rules.ts';
import { domainPolicy } from '../../shared/sync/view.ts';
import {
  type Person,
  readAccess,
  readingFor,
  standingOf,
  type Team,
  teamOf,
  touchesAccess,
} from './access.ts';
import type { PreparedChange } from './prepare.ts';

export interface Author {
  readonly user: UserId;
  readonly role: OrgRole;
  readonly device: DeviceId;
}

/** Needed only when an edit may change who sees the case. */
export interface AccessContext {
  readonly creator: UserId;
  readonly people: ReadonlyMap<UserId, Person>;
  readonly team: Team;
}

export interface AdmissionStart {
  readonly caseId: CaseId;
  readonly author: Author;
  readonly nowMs: number;
  /** At least the case's own record and every record the changes name; with `access`, the members too. */
  readonly records: ReadonlyMap<RecordId, RecordState>;
  readonly standing: Standing;
  /** What the author reads of the case. */
  readonly reading: Reading;
  readonly access: AccessContext | undefined;
  /** Values that changes, no longer heads, gave the case's status. */
  readonly statusWrites: ReadonlyMap<ChangeId, Json>;
  /** Why nothing by this author may count, whatever it says. */
  readonly barred?: ErrorCode | undefined;
}

export interface Admitted {
  readonly change: PreparedChange;
  readonly effective: Stamp;
  /** Why it is quarantined; `undefined` when it counts. */
  readonly code: ErrorCode | undefined;
}

export interface AdmissionResult {
  readonly admitted: readonly Admitted[];
  /** Records that are not as they were. */
  readonly changed: ReadonlyMap<RecordId, RecordState>;
  readonly team: Team | undefined;
  readonly openToIntake: boolean;
}

export function admit(changes: readonly PreparedChange[], start: AdmissionStart): AdmissionResult {
  const admission = new Admission(start);
  const admitted = groups(changes).flatMap((group) => admission.admitGroup(group));
  return { admitted, ...admission.result() };
}

/** Runs of neighbours with the same group id; a change without one stands alone. */
function groups(changes: readonly PreparedChange[]): readonly (readonly PreparedChange[])[] {
  const result: PreparedChange[][] = [];
  for (const change of changes) {
    const last = result.at(-1);
    const group = change.head.group;
    if (last !== undefined && group !== undefined && last[0]?.head.group === group) last.push(change);
    else result.push([change]);
  }
  return result;
}

class Admission {
  readonly #start: AdmissionStart;
  readonly #changed = new Map<RecordId, RecordState>();
  readonly #statusWrites: Map<ChangeId, Json>;
  #standing: Standing;
  #reading: Reading;
  #team: Team | undefined;

  constructor(start: AdmissionStart) {
    this.#start = start;
    this.#standing = start.standing;
    this.#reading = start.reading;
    this.#team = start.access?.team;
    this.#statusWrites = new Map(start.statusWrites);
    const file = start.records.get(caseRecordId(start.caseId));
    for (const head of file?.registers.status ?? []) this.#statusWrites.set(head.change, head.value);
  }

  admitGroup(group: readonly PreparedChange[]): readonly Admitted[] {
    const draft = new Map<RecordId, RecordState>();
    let code: ErrorCode | undefined;
    for (const change of group) code ??= this.#try(change, draft);
    if (code === undefined) this.#keep(group, draft);
    return group.map((change) => ({ change, effective: this.#effective(change), code }));
  }

  result(): Omit<AdmissionResult, 'admitted'> {
    const { status } = readAccess(this.#records(), this.#start.caseId);
    return { changed: this.#changed, team: this.#team, openToIntake: !isHandedOver(status) };
  }

  #try(change: PreparedChange, draft: Map<RecordId, RecordState>): ErrorCode | undefined {
    const { head, fields } = change;
    if (isWithheld(change.sealed)) return 'change.withheld';
    if (this.#start.barred !== undefined) return this.#start.barred;
    if (fields === undefined) return 'change.malformed';
    if (!mayWrite(this.#standing, { head, fields }, this.#reading)) return 'access.denied';
    const state =
      draft.get(head.record) ?? this.#changed.get(head.record) ?? this.#start.records.get(head.record);
    const { caseId, author } = this.#start;
    const refusal = refusalOf(
      { head, fields },
      { caseId, author: author.user, state, statusWrittenBy: (id) => this.#statusWrites.get(id) },
    );
    if (refusal !== undefined) return refusal;
    const arrived = { head, fields, device: author.device, effective: this.#effective(change) };
    draft.set(head.record, applyChange(state, arrived, domainPolicy));
    return undefined;
  }

  #keep(group: readonly PreparedChange[], draft: ReadonlyMap<RecordId, RecordState>): void {
    for (const [record, state] of draft) this.#changed.set(record, state);
    let isAccess = false;
    for (const { head, fields = {} } of group) {
      const status = head.kind === 'case' && Object.hasOwn(fields, 'status') ? fields.status : undefined;
      if (status !== undefined) this.#statusWrites.set(head.id, status.value);
      isAccess ||= touchesAccess({ head, fields });
    }
    if (isAccess) this.#workOutTeam();
  }

  /** What the group said about the team holds for the changes that follow it. */
  #workOutTeam(): void {
    const { access, author, caseId, nowMs } = this.#start;
    if (access === undefined || this.#team === undefined) return;
    const facts = readAccess(this.#records(), caseId);
    const { creator, people } = access;
    this.#team = teamOf(facts, { creator, people, before: this.#team, nowMs });
    const grant = this.#team.get(author.user);
    this.#standing = standingOf(grant, author.role, facts.status);
    this.#reading = readingFor(grant, author.role, facts.status);
  }

  #records(): ReadonlyMap<RecordId, RecordState> {
    return new Map([...this.#start.records, ...this.#changed]);
  }

  #effective(change: PreparedChange): Stamp {
    return effectiveStamp(change.head.at, this.#start.nowMs);
  }
}
