/**
 * The tables of the vault as Kysely sees them; `vault/migrations/` makes them. Ids are TEXT (see
 * docs/decisions/0003-text-ids-in-the-vault.md), instants integer milliseconds, days `2026-11-23`.
 *
 * `log` and `outbox` are the truth; `records`, the index columns of `cases`, `tasks` and the search index are
 * what follows from them and can be computed again from them.
 */
import type { ConcernLevel } from '../../../shared/domain/levels.ts';
import type { OrgRole } from '../../../shared/domain/people.ts';
import type { Compartment } from '../../../shared/domain/sections.ts';
import type { CaseStatus } from '../../../shared/domain/workflow.ts';
import type { CaseId, DeviceId, LeaseId, PacketId, RecordId, UserId } from '../../../shared/ids.ts';
import type { LeasePurpose } from '../../../shared/sync/leases.ts';
import type { ChangeStatus } from '../../../shared/sync/log.ts';

type Flag = 0 | 1;

interface MetaTable {
  name: string;
  /** JSON; `meta.ts` knows the schema of each. */
  value: string;
}

/** One case file: where its logs stand, and the columns that lists show and sort by. */
export interface CasesTable {
  id: CaseId;
  /** `2026-0147`; null until the service has given it. */
  number: string | null;
  log_position: number;
  log_running: string;
  /** The last signed head (JSON), kept as evidence against a service that contradicts it. */
  log_head: string | null;
  /** The last head (JSON) that was signed before the service was restored from a backup. */
  restored_head: string | null;
  /** This device's chain in this case. */
  own_n: number;
  own_hash: string;
  /** Why the service refuses this case's changes as a whole; they wait until it is asked again. */
  push_refused: string | null;
  /** What of the case the person reads (JSON, `caseAccess.ts`); null where the service had nothing to say. */
  access: string | null;
  /** When something of that ends by itself, by the service's clock. */
  access_ends_ms: number | null;
  title: string;
  site: string | null;
  status: CaseStatus;
  level: ConcernLevel | null;
  imminent: Flag;
  lead: UserId | null;
  opened_at: string | null;
  received_at: string | null;
  emergency: Flag;
  channel: string | null;
  reassess_by: string | null;
  /** When the next step is due, for sorting; null for ended cases. */
  due_ms: number | null;
  conflicts: number;
  unsent: number;
  updated_ms: number;
  /** Folded number, title and site, for the filter of a list. */
  filter_text: string;
}

/** The current state of one record, merged from its changes. */
interface RecordsTable {
  case_id: CaseId;
  id: RecordId;
  kind: string;
  /** See `recordText.ts`. */
  state: string;
  removed: Flag;
  /** How many fields are contested. */
  contested: number;
  created_ms: number;
  created_device: DeviceId;
  updated_ms: number;
}

/** What is waiting for a person: an open measure with a date, an unsigned assessment. */
interface TasksTable {
  case_id: CaseId;
  record_id: RecordId;
  type: 'measure' | 'unsigned';
  owner: UserId | null;
  due_on: string | null;
  title: string | null;
  detail: string | null;
}

/** A case's log as the service numbered it. */
interface LogTable {
  case_id: CaseId;
  position: number;
  record_id: RecordId;
  device: DeviceId;
  n: number;
  hash: string;
  head: string;
  payload: string;
  salt: string;
  status: ChangeStatus;
  code: string | null;
  /** Effective clock. */
  at_ms: number;
  at_counter: number;
  received_ms: number;
  /** Of a change whose content came withheld; `payload` and `salt` are empty then. */
  payload_hash: string | null;
}

/** The signatures that vouch for runs of the log: device, case, `from_n … to_n`, `prev`. */
interface SegmentsTable {
  case_id: CaseId;
  device: DeviceId;
  from_n: number;
  to_n: number;
  prev: string;
  sig: string;
}

/**
 * Own changes that are not in the log yet. `pending` has not been taken by the service, `acked` has and comes
 * back with the log, `quarantined` was refused and does not count.
 */
interface OutboxTable {
  case_id: CaseId;
  n: number;
  record_id: RecordId;
  group_id: string | null;
  hash: string;
  head: string;
  payload: string;
  salt: string;
  status: 'pending' | 'acked' | 'quarantined';
  code: string | null;
  at_ms: number;
  at_counter: number;
}

/** What the log had before the service was restored from a backup and does not have yet; `held.ts`. */
interface HeldTable {
  case_id: CaseId;
  device: DeviceId;
  n: number;
  /** Where it was in the log. */
  position: number;
  record_id: RecordId;
  hash: string;
  head: string;
  payload: string;
  salt: string;
  status: ChangeStatus;
  code: string | null;
  at_ms: number;
  at_counter: number;
  payload_hash: string | null;
  handed: 'waiting' | 'taken' | 'refused' | 'apart';
}

/** Where this device's chain stood in a case when the case was taken away. */
interface OwnChainsTable {
  case_id: CaseId;
  n: number;
  hash: string;
}

/** Refused changes that the person has read. */
interface RefusalsReadTable {
  case_id: CaseId;
  device: DeviceId;
  n: number;
  at_ms: number;
}

interface UsersTable {
  id: UserId;
  name: string;
  role: OrgRole;
  active: Flag;
}

interface DevicesTable {
  id: DeviceId;
  user_id: UserId;
  label: string;
  public_key: string;
}

/** Who did what on this laptop, reads too. Each entry's hash covers the one before it. */
interface AuditTable {
  seq: number;
  at_ms: number;
  action: string;
  case_id: CaseId | null;
  record_id: RecordId | null;
  detail: string;
  hash: string;
}

/** Which record a row of the search index belongs to; its `id` is the row's number there. */
interface SearchDocsTable {
  id: number;
  case_id: CaseId;
  record_id: RecordId;
  kind: string;
}

/** FTS5. `forms` holds other spellings of words in the text (Maßnahme: massnahme). */
interface SearchTable {
  rowid: number;
  title: string;
  body: string;
  forms: string;
}

/** FTS5: the titles alone, under the numbers of `search`. */
interface SearchTitlesTable {
  rowid: number;
  title: string;
  forms: string;
}

/** Cases whose texts have still to be put into the index; see `search/due.ts`. */
interface SearchDueTable {
  case_id: CaseId;
  /** Records from this one on are there already; empty where none is. */
  after: RecordId | '';
}

/** Unsent edits of cases that were taken away, sealed; see `packets.ts`. */
interface PacketsTable {
  id: PacketId;
  case_id: CaseId;
  /** How many edits are in it. */
  changes: number;
  oldest_ms: number;
  text: string;
  sig: string;
}

/** Who broke the glass where: on the laptops of data protection officers. */
interface BrokenGlassTable {
  case_id: CaseId;
  case_number: string;
  user_id: UserId;
  compartment: Compartment;
  reason: string | null;
  at_ms: number;
  until_ms: number;
  /** The person has taken note of it. */
  seen: Flag;
}

/** Forms begun and not saved, by name. */
interface DraftsTable {
  name: string;
  value: string;
}

/** The encrypted files beside the vault. What opens one is in its record. */
interface AttachmentsTable {
  file: string;
  case_id: CaseId;
  record_id: RecordId;
  is_sent: Flag;
}

/** What the witness said of a case; see `witnessed.ts`. */
interface WitnessedTable {
  case_id: CaseId;
  position: number;
  /** JSON: the statement, the running hash it names and the proof. */
  said: string;
  contradicts: Flag;
}

/** A case that is checked out here, by this laptop's clock. */
interface LeasesTable {
  case_id: CaseId;
  id: LeaseId;
  purpose: LeasePurpose;
  since_ms: number;
  /** Until when it may be held without another contact, and until when that was asked for. */
  until_ms: number;
  wished_ms: number;
  renewed_ms: number;
  /** The person gave it back, and the service has not heard of it yet. */
  returned: Flag;
}

/** A case whose time was over, until it is here again. */
interface ExpiredCasesTable {
  case_id: CaseId;
  number: string | null;
  at_ms: number;
}

export interface VaultTables {
  leases: LeasesTable;
  expired_cases: ExpiredCasesTable;
  attachments: AttachmentsTable;
  broken_glass: BrokenGlassTable;
  meta: MetaTable;
  cases: CasesTable;
  records: RecordsTable;
  tasks: TasksTable;
  log: LogTable;
  segments: SegmentsTable;
  outbox: OutboxTable;
  held: HeldTable;
  own_chains: OwnChainsTable;
  packets: PacketsTable;
  refusals_read: RefusalsReadTable;
  users: UsersTable;
  devices: DevicesTable;
  audit: AuditTable;
  search_docs: SearchDocsTable;
  search: SearchTable;
  search_titles: SearchTitlesTable;
  search_due: SearchDueTable;
  drafts: DraftsTable;
  witnessed: WitnessedTable;
}
