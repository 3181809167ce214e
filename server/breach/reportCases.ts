/** The cases of a breach report, with what was checked out and which files were fetched. */
import { sql } from 'kysely';
import type { CaseId, DeviceId } from '../../shared/ids.ts';
import type { Trx } from '../db/scope.ts';
import { type Opening, widest } from '../leases/openings.ts';
import type { BreachReport, CaseOfReport, FileOfReport, LeaseOfReport } from './report.types.ts';

interface HeldRow {
  readonly case_id: CaseId;
  readonly number: string | null;
  readonly log_position: number | null;
  readonly held_position: number;
  readonly first_at: Date;
  readonly last_at: Date;
  readonly changes_written: number;
  readonly role: string | null;
  readonly taken_away_at: Date | null;
  readonly taken_away_position: number | null;
  readonly destroyed: boolean;
}

export interface Asked {
  readonly devices: readonly DeviceId[];
  readonly contact: BreachReport['contact'];
}

export async function readCases(trx: Trx, { devices, contact }: Asked): Promise<readonly CaseOfReport[]> {
  const { rows } = await sql<HeldRow>`
    select case_id, number, log_position, held_position, first_at, last_at, changes_written, role, taken_away_at,
      taken_away_position, destroyed
    from tma.held_cases(${devices}::uuid[])`.execute(trx);
  const leases = await readLeases(trx, devices);
  const files = await readFiles(trx, devices);
  const openings = await readOpenings(trx, devices);
  return rows.map((row) => {
    const ofCase = leases.get(row.case_id) ?? [];
    const hasHeard = (contact?.userCursor ?? 0) >= (row.taken_away_position ?? Number.POSITIVE_INFINITY);
    return {
      case: row.case_id,
      number: row.number,
      state: hasHeard ? 'removed' : 'held',
      position: row.held_position,
      logPosition: row.log_position,
      firstAt: row.first_at.toISOString(),
      lastAt: row.last_at.toISOString(),
      opened: openings.get(row.case_id) ?? null,
      changesWritten: Number(row.changes_written),
      role: row.role,
      takenAwayAt: row.taken_away_at?.toISOString() ?? null,
      isDestroyed: row.destroyed,
      heldUntil: heldUntil(contact, ofCase),
      leases: ofCase,
      files: files.get(row.case_id) ?? [],
    };
  });
}

/** As long as the case is held, and never longer than the vault opens. Instants of one form compare as texts. */
function heldUntil(contact: BreachReport['contact'], leases: readonly LeaseOfReport[]): string | null {
  if (contact === null) return null;
  const { holdUntil, vaultUntil } = contact;
  if (holdUntil === null) return vaultUntil;
  const standing = leases.filter(({ endedAt }) => endedAt === null).map(({ until }) => until);
  const until = [holdUntil, ...standing].toSorted().at(-1) ?? holdUntil;
  return vaultUntil !== null && vaultUntil < until ? vaultUntil : until;
}

async function readOpenings(trx: Trx, devices: readonly DeviceId[]): Promise<ReadonlyMap<CaseId, Opening>> {
  const { rows } = await sql<{ case_id: CaseId; opened: string[] }>`
    select case_id, opened from tma.held_openings(${devices}::uuid[])`.execute(trx);
  return new Map(rows.map(({ case_id, opened }) => [case_id, widest(opened)]));
}

async function readLeases(
  trx: Trx,
  devices: readonly DeviceId[],
): Promise<ReadonlyMap<CaseId, readonly LeaseOfReport[]>> {
  const { rows } = await sql<LeaseRow>`
    select lease_id, case_id, purpose, since, wished_until, until, renewed_at, ended_at, ended_because
    from tma.device_leases(${devices}::uuid[])`.execute(trx);
  const byCase = Map.groupBy(rows, (row) => row.case_id);
  return new Map([...byCase].map(([caseId, some]) => [caseId, some.map(leaseOf)]));
}

interface LeaseRow {
  readonly lease_id: LeaseOfReport['id'];
  readonly case_id: CaseId;
  readonly purpose: LeaseOfReport['purpose'];
  readonly since: Date;
  readonly wished_until: Date;
  readonly until: Date;
  readonly renewed_at: Date;
  readonly ended_at: Date | null;
  readonly ended_because: string | null;
}

function leaseOf(row: LeaseRow): LeaseOfReport {
  return {
    id: row.lease_id,
    purpose: row.purpose,
    since: row.since.toISOString(),
    until: row.until.toISOString(),
    wishedUntil: row.wished_until.toISOString(),
    renewedAt: row.renewed_at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
    endedBecause: row.ended_because,
  };
}

interface FileRow {
  readonly case_id: CaseId;
  readonly blob_id: string;
  readonly size_bytes: number;
  readonly parts: number;
  readonly parts_held: number;
  readonly first_at: Date;
  readonly last_at: Date;
}

async function readFiles(
  trx: Trx,
  devices: readonly DeviceId[],
): Promise<ReadonlyMap<CaseId, readonly FileOfReport[]>> {
  const { rows } = await sql<FileRow>`
    select case_id, blob_id, size_bytes, parts, parts_held, first_at, last_at
    from tma.held_files(${devices}::uuid[])`.execute(trx);
  const byCase = Map.groupBy(rows, (row) => row.case_id);
  return new Map([...byCase].map(([caseId, some]) => [caseId, some.map(fileOf)]));
}

function fileOf(row: FileRow): FileOfReport {
  return {
    blob: row.blob_id,
    sizeBytes: Number(row.size_bytes),
    parts: row.parts,
    partsHeld: Number(row.parts_held),
    firstAt: row.first_at.toISOString(),
    lastAt: row.last_at.toISOString(),
  };
}
