/** The tables of the service as the queries see them. Ids come and go as text, hashes and ciphertexts as bytes. */
import type { ColumnType, Generated } from 'kysely';
import type { CaseRole, OrgRole } from '../../shared/domain/people.ts';
import type { Compartment, Scope } from '../../shared/domain/sections.ts';
import type { ErrorCode } from '../../shared/errors.ts';
import type {
  CaseId,
  ChangeId,
  DeviceId,
  LeaseId,
  PacketId,
  RecordId,
  TenantId,
  UserId,
} from '../../shared/ids.ts';
import type { LeasePurpose } from '../../shared/sync/leases.ts';
import type { ChangeStatus } from '../../shared/sync/log.ts';
import type { PacketReason } from '../../shared/sync/packet.ts';
import type { WipeReason } from '../../shared/sync/wiped.ts';
import type { UserEvent } from '../../shared/sync/wire.ts';
import type { TenantSettings } from '../tenantSettings.ts';

type Bytes = Uint8Array;

export interface Tables {
  tenants: {
    tenant_id: TenantId;
    name: string;
    settings: ColumnType<TenantSettings, string, string>;
    created_at: Date;
  };
  users: {
    tenant_id: TenantId;
    user_id: UserId;
    name: string;
    role: OrgRole;
    active: Generated<boolean>;
    created_at: Date;
  };
  devices: {
    tenant_id: TenantId;
    device_id: DeviceId;
    user_id: UserId;
    label: string;
    public_key: Bytes;
    program: string;
    schema_version: number | null;
    enrolled_at: Date;
    revoked_at: Date | null;
    quarantined_at: Date | null;
    predecessor: DeviceId | null;
  };
  enrolment_codes: {
    tenant_id: TenantId;
    code_hash: Bytes;
    user_id: UserId;
    expires_at: Date;
    created_at: Date;
    used_at: Date | null;
    device_id: DeviceId | null;
  };
  logins: { tenant_id: TenantId; user_id: UserId; login: string };
  vault_shares: {
    tenant_id: TenantId;
    unlock_key: Bytes;
    device_id: DeviceId;
    wrapped_share: Bytes;
    deposited_at: Date;
  };
  sign_ins: { tenant_id: TenantId; nonce: Bytes; device_id: DeviceId; signed_in_at: Date };
  cases: {
    tenant_id: TenantId;
    case_id: CaseId;
    number: string | null;
    creator: UserId;
    created_at: Date;
    position: number;
    running: Bytes;
    changed_ms: number;
    wrapped_key: Bytes | null;
  };
  case_numbers: { tenant_id: TenantId; year: number; last: number };
  case_index: {
    tenant_id: TenantId;
    case_id: CaseId;
    status: string;
    level: string | null;
    imminent: boolean;
    lead: UserId | null;
    opened_at: Date | string | null;
    level_since: Date | string | null;
    reassess_by: string | null;
  };
  grants: {
    tenant_id: TenantId;
    case_id: CaseId;
    user_id: UserId;
    role: CaseRole;
    until: Date | null;
    epoch: number;
    granted_at: Date;
    revoked_at: Date | null;
    sections: ColumnType<Scope | null, string | null, string | null>;
    compartments: Generated<Compartment[]>;
  };
  glass: {
    tenant_id: TenantId;
    case_id: CaseId;
    position: number;
    number: number;
    user_id: UserId;
    compartment: Compartment;
    opened_at: Date;
    until: Date;
    closed_at: Date | null;
  };
  glass_numbers: { tenant_id: TenantId; last: number };
  user_log_heads: { tenant_id: TenantId; user_id: UserId; position: number };
  user_log: {
    tenant_id: TenantId;
    user_id: UserId;
    position: number;
    type: UserEvent['type'];
    case_id: CaseId;
    at: Date;
  };
  changes: {
    tenant_id: TenantId;
    case_id: CaseId;
    position: number;
    change_id: ChangeId;
    device_id: DeviceId;
    n: number;
    hash: Bytes;
    running: Bytes;
    head: string;
    payload_hash: Bytes;
    sealed: Bytes;
    status: ChangeStatus;
    code: ErrorCode | null;
    effective_ms: number;
    effective_count: number;
    received_ms: number;
  };
  segments: {
    tenant_id: TenantId;
    case_id: CaseId;
    first_position: number;
    last_position: number;
    device_id: DeviceId;
    n: number;
    signed_from: number;
    signed_to: number;
    prev: Bytes;
    sig: Bytes;
    bytes: number;
  };
  signed_heads: {
    tenant_id: TenantId;
    case_id: CaseId;
    position: number;
    running: Bytes;
    sig: Bytes;
    signed_ms: number;
  };
  records: {
    tenant_id: TenantId;
    case_id: CaseId;
    record_id: RecordId;
    kind: string;
    state: Bytes;
    position: number;
  };
  blobs: {
    tenant_id: TenantId;
    blob_id: string;
    case_id: CaseId;
    size_bytes: number;
    parts: string[];
    registered_at: Date;
  };
  blob_parts: { tenant_id: TenantId; blob_id: string; part: number; stored_at: Date };
  sealed_packets: {
    tenant_id: TenantId;
    packet_id: PacketId;
    case_id: CaseId;
    device_id: DeviceId;
    user_id: UserId;
    reason: PacketReason;
    changes: number;
    oldest_at: Date;
    sealed_at: Date;
    received_at: Date;
    key_id: string;
    text: string;
    sig: string;
  };
  leases: {
    tenant_id: TenantId;
    lease_id: LeaseId;
    device_id: DeviceId;
    user_id: UserId;
    case_id: CaseId;
    purpose: LeasePurpose;
    since: Date;
    wished_until: Date;
    until: Date;
    renewed_at: Date;
    ended_at: Date | null;
    ended_because: 'returned' | 'over' | 'access' | null;
  };
  device_contacts: {
    tenant_id: TenantId;
    device_id: DeviceId;
    at: Date;
    user_cursor: number | null;
    hold_until: Date | null;
    lease_until: Date | null;
  };
  wipes: {
    tenant_id: TenantId;
    device_id: DeviceId;
    ordered_at: Date | null;
    heard_at: Date | null;
    wiped_at: Date | null;
    because: WipeReason | null;
    acknowledged_at: Date | null;
    text: string | null;
    sig: string | null;
    told_by: DeviceId | null;
  };
  audit_heads: { tenant_id: TenantId; position: number; hash: Bytes };
  audit: { tenant_id: TenantId; position: number; entry: string; hash: Bytes };
  witness: { tenant_id: TenantId; hour: Date; text: string; sig: string; stored_at: Date | null };
  witness_heads: { tenant_id: TenantId; case_id: CaseId; hour: Date; position: number; running: Bytes };
  audit_checkpoints: {
    tenant_id: TenantId;
    position: number;
    hash: Bytes;
    signed_ms: number;
    sig: Bytes;
  };
}
