/** Each version of the schema follows from the one before it, on every driver. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { VaultConnection } from '../driver.ts';
import { migrate } from '../migrate.ts';
import { loadableDrivers, temporaryFolder } from '../testing.ts';
import { migrations } from './index.ts';

/** What each version adds, by name; a changed expectation here means a shipped migration was changed. */
const added: Readonly<Record<string, readonly string[]>> = {
  leases: ['expired_cases', 'leases'],
  'case-files': [
    'cases',
    'cases_by_status',
    'cases_by_update',
    'meta',
    'records',
    'records_contested',
    'records_of_reports',
    'tasks',
    'tasks_by_owner',
  ],
  'change-log': [
    'log',
    'log_by_device',
    'log_by_record',
    'log_refused',
    'outbox',
    'outbox_pending',
    'segments',
  ],
  search: [
    'search',
    'search_config',
    'search_content',
    'search_data',
    'search_docs',
    'search_docsize',
    'search_idx',
  ],
  'people-and-audit': ['audit', 'devices', 'users'],
  drafts: ['drafts'],
  'own-chains': ['own_chains'],
  sealed: ['log_withheld', 'packets'],
  'refusals-read': ['refusals_read'],
  'held-changes': ['held', 'held_by_record'],
  'search-titles': [
    'search_titles',
    'search_titles_config',
    'search_titles_content',
    'search_titles_data',
    'search_titles_docsize',
    'search_titles_idx',
  ],
  reassessments: ['cases_to_reassess'],
  attachments: ['attachments', 'attachments_by_case'],
  'search-due': ['cases_restored', 'search_due'],
  witnessed: ['witnessed', 'witnessed_contradicts'],
  sections: ['broken_glass', 'cases_ending', 'log_sealed'],
  'outbox-refused': ['outbox_refused'],
};

async function names(connection: VaultConnection): Promise<readonly string[]> {
  const rows = await connection.all(
    "SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name",
  );
  return rows.map((row) => String(row.name));
}

describe.each(loadableDrivers())('with $name', (driver) => {
  it.each(migrations)(
    'migration $number ($name) adds what it says to the version before it',
    async (step) => {
      using folder = temporaryFolder();
      const key = { key: Buffer.alloc(32, 1), salt: Buffer.alloc(16, 2) };
      const connection = await driver.open(join(folder.path, 'vault.db'), key, { create: true });
      try {
        await migrate(connection, migrations.slice(0, step.number - 1));
        const before = await names(connection);
        const result = await migrate(connection, migrations.slice(0, step.number));
        expect(result).toEqual({ from: step.number - 1, to: step.number });
        const fresh = (await names(connection)).filter((name) => !before.includes(name));
        expect(fresh).toEqual(added[step.name]);
      } finally {
        await connection.close();
      }
    },
  );

  it('the search index overwrites what is taken out of it', async () => {
    using folder = temporaryFolder();
    const key = { key: Buffer.alloc(32, 1), salt: Buffer.alloc(16, 2) };
    const connection = await driver.open(join(folder.path, 'vault.db'), key, { create: true });
    try {
      await migrate(connection, migrations);
      const option = await connection.get("SELECT v FROM search_config WHERE k = 'secure-delete'");
      expect(Number(option?.v)).toBe(1);
      await connection.run("INSERT INTO search (title, body, forms) VALUES ('', 'Kanarienvogel', '')");
      await connection.run('DELETE FROM search');
      const left = await connection.all('SELECT hex(block) AS block FROM search_data');
      const hex = Buffer.from('kanarienvogel').toString('hex').toUpperCase();
      expect(left.filter((row) => String(row.block).includes(hex))).toEqual([]);
    } finally {
      await connection.close();
    }
  });
});
