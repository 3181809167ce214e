/**
 * Reading what can be read out of a vault that is damaged. The file itself is only copied and read; the copy is
 * what is opened. What comes out goes into a new file under the same key:
 *
 *   nothing that counts is missing   the new file takes the vault's place, the damaged one is moved aside
 *   something is missing             the new file is put beside the damaged one; the vault stays as it was
 *
 * What can be derived again (the search index, the list of tasks) does not count.
 */
import { renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { TmaError } from '../../../../shared/errors.ts';
import type { Profile } from '../../device/profile.ts';
import type { VaultConnection, VaultDriver, VaultKey } from '../driver.ts';
import { chooseDriver } from '../drivers/choose.ts';
import {
  commitFile,
  copyAside,
  copyDatabase,
  discardNext,
  moveAside,
  nextFile,
  removeDatabase,
  settleFiles,
} from '../files.ts';
import { zeroVaultKey } from '../keys/slot.ts';
import { migrate, readSchemaVersion } from '../migrate.ts';
import type { VaultOptions } from '../types.ts';
import { unlockKey } from '../unlock.ts';
import { copyTable, type SalvageTable } from './copyTable.ts';

export interface SalvageOptions<T> extends VaultOptions {
  /** Tables that can be derived from the others. */
  readonly derived: readonly string[];
  /** Looks at what was saved, for the account of it. */
  readonly inspect: (saved: VaultConnection) => Promise<T>;
}

export interface Salvage<T> {
  readonly outcome: 'whole' | 'partial';
  /** The file's name in the folder `set-aside`: the damaged vault, or what could be saved of it. */
  readonly copy: string;
  readonly lost: readonly string[];
  readonly found: T;
}

/**
 * @throws TmaError as `openVault` for the passphrase; `vault.salvage-failed` when nothing could be read;
 *   `vault.newer-schema`; `vault.disk-full` (it needs room for two copies).
 */
export async function salvageVault<T>(options: SalvageOptions<T>): Promise<Salvage<T>> {
  const { profile } = options;
  settleFiles(profile);
  const driver = options.driver ?? chooseDriver().driver;
  const { vaultKey } = await unlockKey(options);
  const sourcePath = join(profile.folder, 'salvage.db');
  try {
    copyAside(profile);
    removeDatabase(sourcePath);
    copyDatabase(profile.vaultFile, sourcePath);
    const { lost, found } = await copyAll(driver, { ...options, sourcePath, vaultKey });
    const counts = lost.filter((name) => !options.derived.includes(name));
    const outcome = counts.length === 0 ? 'whole' : 'partial';
    const copy = outcome === 'whole' ? takePlace(profile) : putAside(profile, options.clock.nowMs());
    return { outcome, copy, lost, found };
  } catch (error) {
    discardNext(profile);
    if (error instanceof TmaError && error.code === 'vault.damaged') {
      throw new TmaError('vault.salvage-failed', undefined, error);
    }
    throw error;
  } finally {
    removeDatabase(sourcePath);
    zeroVaultKey(vaultKey);
  }
}

interface CopyAll<T> extends SalvageOptions<T> {
  readonly sourcePath: string;
  readonly vaultKey: VaultKey;
}

async function copyAll<T>(
  driver: VaultDriver,
  { profile, sourcePath, vaultKey, migrations, inspect }: CopyAll<T>,
): Promise<{ lost: readonly string[]; found: T }> {
  discardNext(profile);
  const source = await driver.open(sourcePath, vaultKey);
  try {
    const version = await readSchemaVersion(source);
    if (version > migrations.length) {
      throw new TmaError('vault.newer-schema', { found: version, known: migrations.length });
    }
    const target = await driver.open(nextFile(profile), vaultKey, { create: true, journal: 'single-file' });
    try {
      await migrate(target, migrations.slice(0, version));
      const lost: string[] = [];
      await target.begin('immediate');
      for (const table of await tablesOf(target)) {
        const { complete } = await copyTable({ source, target, table });
        if (!complete) lost.push(table.name);
      }
      await target.commit();
      return { lost, found: await inspect(target) };
    } finally {
      await target.close();
    }
  } finally {
    // The copy is thrown away; that it cannot be closed in good order is part of its damage.
    await source.close().catch(() => undefined);
  }
}

/** Of the new file, whose schema is whole. */
async function tablesOf(target: VaultConnection): Promise<readonly SalvageTable[]> {
  const listed = await target.all(
    `SELECT name, type, wr FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'virtual')`,
  );
  const names = listed.filter(({ name }) => !String(name).startsWith('sqlite_'));
  return Promise.all(
    names.map(async ({ name, type, wr }) => {
      const columns = await target.all(`SELECT name, pk FROM pragma_table_info(?)`, [name ?? null]);
      return {
        name: String(name),
        columns: columns.map((column) => String(column.name)),
        key: columns
          .filter(({ pk }) => Number(pk) > 0)
          .sort((a, b) => Number(a.pk) - Number(b.pk))
          .map((column) => String(column.name)),
        hasRowNumbers: Number(wr) === 0,
        isSearch: type === 'virtual',
      };
    }),
  );
}

function takePlace(profile: Profile): string {
  const name = moveAside(profile);
  commitFile(profile, []);
  return name;
}

function putAside(profile: Profile, nowMs: number): string {
  const stamp = new Date(nowMs).toISOString().replace(/[:.]/g, '-');
  const target = join(profile.folder, 'set-aside', `salvaged-${stamp}.db`);
  rmSync(target, { force: true });
  renameSync(nextFile(profile), target);
  return basename(target);
}
