/** Stores cases that are new here, as `newCases.ts` has prepared them. */
import type { Kysely } from 'kysely';
import { chainStart } from '../../../shared/sync/change.ts';
import { markDue } from '../search/due.ts';
import { batch, insertRows } from '../vault/dialect.ts';
import { observeClock } from './applyPage.ts';
import type { NewCases } from './newCases.ts';
import { insertSegmentRows, insertTaskRows, logColumns, recordRowColumns } from './rows.ts';
import type { VaultTables } from './tables.ts';

/** Numbers used before a case was taken away are not used again. */
const insertCaseRows = `
  INSERT INTO cases (id, number, log_position, log_running, log_head, conflicts, updated_ms, title, site, status,
                     level, imminent, lead, opened_at, received_at, emergency, channel, reassess_by, due_ms,
                     filter_text, access, access_ends_ms, own_n, own_hash, unsent)
  SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6, value->>7, value->>8,
         value->>9, value->>10, value->>11, value->>12, value->>13, value->>14, value->>15, value->>16,
         value->>17, value->>18, value->>19, value->>20, value->>21, coalesce(own.n, ${chainStart.n}),
         coalesce(own.hash, '${chainStart.hash}'), 0
  FROM json_each(?) LEFT JOIN own_chains AS own ON own.case_id = value->>0`;

/** @returns false, with nothing stored, where one of them is here already. */
export async function loadNewCases(tx: Kysely<VaultTables>, cases: NewCases): Promise<boolean> {
  const known = await tx.selectFrom('cases').select('id').where('id', 'in', cases.ids).executeTakeFirst();
  if (known !== undefined) return false;
  const { rows } = cases;
  await batch(tx, insertCaseRows, rows.cases);
  await insertRows(tx, logColumns, rows.log);
  await batch(tx, insertSegmentRows, rows.segments);
  await insertRows(tx, recordRowColumns, rows.records);
  await batch(tx, insertTaskRows, rows.tasks);
  await observeClock(tx, [cases.clock]);
  await markDue(tx, cases.ids);
  return true;
}
