/**
 * Schema versions of a vault. Migrations are numbered from 1 without a gap, one file each, and the file's
 * `PRAGMA user_version` is the number of the last one applied. Each runs in a transaction of its own together
 * with the new version number, so a crash in the middle leaves the version before it, whole.
 */
import { TmaError } from '../../../shared/errors.ts';
import type { VaultConnection } from './driver.ts';

export interface Migration {
  /** 1 for the first, then one more each. */
  readonly number: number;
  readonly name: string;
  /** `expand` adds and lets the program before it go on working; `contract` removes what it no longer uses. */
  readonly kind: 'expand' | 'contract';
  /** Changes the schema; must not begin or commit a transaction itself. */
  up(connection: VaultConnection): Promise<void>;
}

/**
 * Refuses a file written by a newer program.
 * @throws TmaError `vault.newer-schema` with `found` and `known`; nothing has been written.
 */
export async function assertSchemaKnown(
  connection: VaultConnection,
  migrations: readonly Migration[],
): Promise<number> {
  assertGapless(migrations);
  const found = await readSchemaVersion(connection);
  if (found > migrations.length) {
    throw new TmaError('vault.newer-schema', { found, known: migrations.length });
  }
  return found;
}

/**
 * Brings the schema to the newest version and returns the versions it went through.
 * @throws TmaError `vault.newer-schema`, or whatever the failing migration threw, after its rollback.
 */
export async function migrate(
  connection: VaultConnection,
  migrations: readonly Migration[],
): Promise<{ readonly from: number; readonly to: number }> {
  const from = await assertSchemaKnown(connection, migrations);
  for (const migration of migrations.slice(from)) await apply(connection, migration);
  return { from, to: migrations.length };
}

export async function readSchemaVersion(connection: VaultConnection): Promise<number> {
  const row = await connection.get('PRAGMA user_version');
  return Number(row?.user_version ?? 0);
}

async function apply(connection: VaultConnection, migration: Migration): Promise<void> {
  await connection.begin('immediate');
  try {
    await migration.up(connection);
    // A pragma takes no parameters; the number was checked by assertGapless.
    await connection.exec(`PRAGMA user_version = ${migration.number}`);
    await connection.commit();
  } catch (error) {
    await connection.rollback();
    throw error;
  }
}

function assertGapless(migrations: readonly Migration[]): void {
  migrations.forEach((migration, index) => {
    if (migration.number !== index + 1) {
      throw new Error(`migration "${migration.name}" has number ${migration.number}, expected ${index + 1}`);
    }
  });
}
