/**
 * A big vault, made by the product where it counts and by copying where it does not: two cases are written through
 * the product, then multiplied row by row in SQL, log included, each copy with words of its own. What "My day" shows
 * (reports that wait, reassessments, measures, conflicts) is laid over it for about as much as one person can have.
 */
import { type RawBuilder, sql } from 'kysely';
import { type Laptop, openLaptop } from '../../electron/core/storage/testing.ts';
import type { CaseId, ChangeId, RecordId } from '../../shared/ids.ts';
import { contradict, writeCase } from './write.ts';

/** What has to be known of a vault to measure on it; it can be kept beside the file. */
export interface VaultPlan {
  readonly cases: number;
  readonly records: number;
  readonly usual: CaseId;
  readonly big: CaseId;
  /** An observation that is in every usual case, and what an edit of its text has seen. */
  readonly observation: { readonly id: RecordId; readonly saw: ChangeId[] };
}

export interface BigVault {
  readonly plan: VaultPlan;
  readonly caseId: (index: number) => CaseId;
  /** Cases of 500 records, so many that each can be opened for the first time. */
  readonly bigCaseId: (index: number) => CaseId;
}

export const bigCases = 60;
const bigCaseRecords = 500;
const casesAtOnce = 250;

export async function buildBigVault(
  folder: string,
  { cases, recordsPerCase }: { readonly cases: number; readonly recordsPerCase: number },
): Promise<BigVault> {
  const laptop = await openLaptop({ folder, name: 'Jana' });
  const big = await writeCase(laptop, bigCaseRecords);
  const usual = await writeCase(laptop, recordsPerCase);
  const observation = await lastObservation(laptop, usual);
  await sendAll(laptop);
  for (let from = 0; from < cases; from += casesAtOnce) {
    await multiply(laptop, { template: usual, from, to: Math.min(cases, from + casesAtOnce) });
  }
  await multiply(laptop, { template: big, from: cases, to: cases + bigCases });
  await layOutWork(laptop);
  for (let at = 0; at < cases; at += Math.ceil(cases / 20)) await contradict(laptop, copyOf(usual)(at));
  const { records } = await laptop.vault.db
    .selectFrom('records')
    .select((of) => of.fn.countAll<number>().as('records'))
    .executeTakeFirstOrThrow();
  await laptop.vault.close();
  return vaultOf({ cases, records, usual, big, observation });
}

export function vaultOf(plan: VaultPlan): BigVault {
  const { cases, usual, big } = plan;
  return { plan, caseId: copyOf(usual), bigCaseId: (index) => copyOf(big)(cases + index) };
}

/** The last twelve digits count; the rest is the template's. */
function copyOf(template: CaseId): (index: number) => CaseId {
  // The ids of this vault's own cases with other digits.
  return (index) => (template.slice(0, -12) + index.toString(16).padStart(12, '0')) as CaseId;
}

async function lastObservation({ handlers }: Laptop, caseId: CaseId): Promise<VaultPlan['observation']> {
  const { records } = await handlers['cases.get']({ caseId });
  const found = records.findLast(({ kind }) => kind === 'observation');
  if (found === undefined) throw new Error('a case of the big vault has observations');
  return { id: found.id, saw: found.saw.text ?? [] };
}

/** As after a round of sync: what was written is in the log and no longer waits. */
async function sendAll({ vault, owner }: Laptop): Promise<void> {
  await vault.write(async (tx) => {
    await sql`INSERT INTO log (case_id, position, record_id, device, n, hash, head, payload, salt, status, code,
                               at_ms, at_counter, received_ms)
      SELECT case_id, n, record_id, ${owner.deviceId}, n, hash, head, payload, salt, 'applied', NULL,
             at_ms, at_counter, at_ms FROM outbox`.execute(tx);
    await tx.deleteFrom('outbox').execute();
    await tx
      .updateTable('cases')
      .set({ unsent: 0, log_position: sql.ref('own_n') })
      .execute();
  });
}

interface Copies {
  readonly template: CaseId;
  readonly from: number;
  readonly to: number;
}

async function multiply({ vault }: Laptop, { template, from, to }: Copies): Promise<void> {
  const numbers = sql`WITH RECURSIVE n (i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${to})`;
  const newCase = sql`${template.slice(0, -12)} || printf('%012x', n.i)`;
  // The case's own record is named after it.
  const ofRecord = (column: string) =>
    sql`CASE t.${sql.ref(column)} WHEN ${template} THEN ${newCase} ELSE t.${sql.ref(column)} END`;
  await vault.write(async (tx) => {
    const copy = async (table: string, changed: Readonly<Record<string, RawBuilder<unknown>>>) => {
      const { rows } = await sql<{ name: string }>`SELECT name FROM pragma_table_info(${table})`.execute(tx);
      const columns = rows
        .map(({ name }) => name)
        .filter((name) => !(table === 'search_docs' && name === 'id'));
      const values = columns.map((name) => changed[name] ?? sql`t.${sql.ref(name)}`);
      const key = table === 'cases' ? 'id' : 'case_id';
      await sql`INSERT INTO ${sql.table(table)} (${sql.join(columns.map((name) => sql.ref(name)))})
        ${numbers} SELECT ${sql.join(values)} FROM n, ${sql.table(table)} AS t
        WHERE t.${sql.ref(key)} = ${template} AND n.i >= 0`.execute(tx);
    };
    await copy('cases', {
      id: newCase,
      number: sql`'2026-' || n.i`,
      title: sql`t.title || ' Fall' || n.i`,
      filter_text: sql`t.filter_text || ' fall' || n.i`,
      updated_ms: sql`t.updated_ms - n.i * 1000`,
    });
    await copy('records', { case_id: newCase, id: ofRecord('id') });
    await copy('log', { case_id: newCase, record_id: ofRecord('record_id') });
    await copy('search_docs', { case_id: newCase, record_id: ofRecord('record_id') });
    await sql`INSERT INTO search (rowid, title, body, forms)
      ${numbers} SELECT c.id, s.title, s.body || ' wort' || n.i || ' raum' || (c.id % 5000), s.forms
      FROM n JOIN search_docs AS d ON d.case_id = ${template}
      JOIN search_docs AS c ON c.case_id = ${newCase} AND c.record_id = ${ofRecordOf(newCase, template)}
      JOIN search AS s ON s.rowid = d.id`.execute(tx);
  });
}

function ofRecordOf(newCase: RawBuilder<unknown>, template: CaseId): RawBuilder<unknown> {
  return sql`CASE d.record_id WHEN ${template} THEN ${newCase} ELSE d.record_id END`;
}

/** 25 reports that wait, 40 cases of this person with a reassessment ahead, two open measures in each of them. */
async function layOutWork({ vault, owner }: Laptop): Promise<void> {
  await vault.write(async (tx) => {
    await sql`UPDATE cases SET status = 'received' WHERE rowid % 400 = 7`.execute(tx);
    await sql`UPDATE cases SET lead = ${owner.userId}, reassess_by = '2026-11-30' WHERE rowid % 250 = 3`.execute(
      tx,
    );
    await sql`INSERT INTO tasks (case_id, record_id, type, owner, due_on, title, detail)
      SELECT c.id, r.id, 'measure', ${owner.userId}, '2026-11-' || (23 + c.rowid % 7), 'Empfang verständigt', 'alert'
      FROM cases AS c JOIN records AS r ON r.case_id = c.id
      WHERE c.reassess_by IS NOT NULL AND r.kind = 'observation'
        AND r.created_ms < (SELECT min(created_ms) + 3 FROM records WHERE case_id = c.id AND kind = 'observation')`.execute(
      tx,
    );
  });
}
