/**
 * Copies what can be read of one table of a damaged file. A page that fails its authentication code takes the rows on
 * it along, and everything below it where it is an inner page of the tree; what lies behind it is found again by
 * stepping over the hole. Tables without row numbers are read from both ends instead.
 */
import type { SqlRow, SqlValue, VaultConnection } from '../driver.ts';

export interface SalvageTable {
  readonly name: string;
  readonly columns: readonly string[];
  /** Column names of the primary key, for a table without row numbers. */
  readonly key: readonly string[];
  readonly hasRowNumbers: boolean;
  /** A full-text table: its row numbers mean something. */
  readonly isSearch: boolean;
}

export interface CopiedTable {
  readonly rows: number;
  /** False where something is missing. */
  readonly complete: boolean;
}

interface Copying {
  readonly source: VaultConnection;
  readonly target: VaultConnection;
  readonly table: SalvageTable;
}

const mostRows = 200;
/** Beyond this gap there is nothing more. */
const widestGap = 2 ** 40;

export function copyTable(copying: Copying): Promise<CopiedTable> {
  return copying.table.hasRowNumbers ? copyByNumber(copying) : copyByKey(copying);
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

async function copyByNumber({ source, target, table }: Copying): Promise<CopiedTable> {
  const names = table.columns.map(quoted).join(', ');
  const sql = `SELECT rowid AS "salvage rowid", ${names} FROM ${quoted(table.name)} WHERE rowid > ? ORDER BY rowid LIMIT ?`;
  const read = (after: number, limit: number) => readable(source, sql, [after, limit]);
  let after = -1;
  let rows = 0;
  let complete = true;
  for (let limit = mostRows; ; ) {
    const found = await read(after, limit);
    if (found === undefined) {
      if (limit > 1) {
        limit = 1;
        continue;
      }
      complete = false;
      const landing = await landBehind(after, (at) => read(at, 1).then((got) => got !== undefined));
      if (landing === undefined) return { rows, complete };
      after = landing;
      continue;
    }
    await insert(target, table, found);
    rows += found.length;
    after = Number(found.at(-1)?.['salvage rowid'] ?? after);
    if (found.length < limit) return { rows, complete };
    limit = mostRows;
  }
}

/** The first place behind a hole from which reading works again. */
async function landBehind(
  bad: number,
  works: (after: number) => Promise<boolean>,
): Promise<number | undefined> {
  let from = bad;
  for (let gap = 1; gap < widestGap; gap *= 2) {
    if (!(await works(bad + gap))) {
      from = bad + gap;
      continue;
    }
    let to = bad + gap;
    while (to - from > 1) {
      const middle = Math.floor((from + to) / 2);
      if (await works(middle)) to = middle;
      else from = middle;
    }
    return to;
  }
  return undefined;
}

async function copyByKey({ source, target, table }: Copying): Promise<CopiedTable> {
  const up = await copyOneWay({ source, target, table }, 'ASC');
  if (up.complete) return up;
  const down = await copyOneWay({ source, target, table }, 'DESC');
  return { rows: up.rows + down.rows, complete: false };
}

async function copyOneWay({ source, target, table }: Copying, order: 'ASC' | 'DESC'): Promise<CopiedTable> {
  const names = table.columns.map(quoted).join(', ');
  const key = table.key.map(quoted);
  const orderBy = key.map((column) => `${column} ${order}`).join(', ');
  const holes = key.map(() => '?').join(', ');
  const beyond = `(${key.join(', ')}) ${order === 'ASC' ? '>' : '<'} (${holes})`;
  const from = `SELECT ${names} FROM ${quoted(table.name)}`;
  let last: SqlRow | undefined;
  let rows = 0;
  for (let limit = mostRows; ; ) {
    const where = last === undefined ? '' : ` WHERE ${beyond}`;
    const at = last === undefined ? [] : table.key.map((column) => last?.[column] ?? null);
    const found = await readable(source, `${from}${where} ORDER BY ${orderBy} LIMIT ?`, [...at, limit]);
    if (found === undefined) {
      if (limit === 1) return { rows, complete: false };
      limit = 1;
      continue;
    }
    rows += await insert(target, table, found);
    last = found.at(-1) ?? last;
    if (found.length < limit) return { rows, complete: true };
  }
}

async function readable(
  source: VaultConnection,
  sql: string,
  params: readonly SqlValue[],
): Promise<readonly SqlRow[] | undefined> {
  try {
    return await source.all(sql, params);
  } catch {
    return undefined;
  }
}

async function insert(
  target: VaultConnection,
  table: SalvageTable,
  rows: readonly SqlRow[],
): Promise<number> {
  const columns = table.isSearch ? ['rowid', ...table.columns] : table.columns;
  const holes = columns.map(() => '?').join(', ');
  const names = columns.map(quoted).join(', ');
  const sql = `INSERT OR IGNORE INTO ${quoted(table.name)} (${names}) VALUES (${holes})`;
  let taken = 0;
  for (const row of rows) {
    const values = table.columns.map((column) => row[column] ?? null);
    const params = table.isSearch ? [row['salvage rowid'] ?? null, ...values] : values;
    taken += (await target.run(sql, params)).changes;
  }
  return taken;
}
