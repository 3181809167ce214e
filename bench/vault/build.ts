/**
 * A big vault, made by the product where it counts and by copying where it does not: two cases are written through
 * the product, then one of them is multiplied row by row in SQL, each copy with words of its own.
 */
import { type RawBuilder, sql } from 'kysely';
import { type Laptop, openLaptop } from '../../electron/core/storage/testing.ts';
import { systemIds } from '../../platform/crypto.ts';
import { type CaseId, newId, type RecordId } from '../../shared/ids.ts';

export interface BigVault {
  readonly records: number;
  readonly caseId: (index: number) => CaseId;
  /** A case of 500 records. */
  readonly bigCase: CaseId;
}

const casesAtOnce = 250;

export async function buildBigVault(
  folder: string,
  { cases, recordsPerCase }: { readonly cases: number; readonly recordsPerCase: number },
): Promise<BigVault> {
  const laptop = await openLaptop({ folder, name: 'Jana' });
  const bigCase = await writeCase(laptop, 500);
  const template = await writeCase(laptop, recordsPerCase);
  for (let from = 0; from < cases; from += casesAtOnce) {
    await multiply(laptop, { template, from, to: Math.min(cases, from + casesAtOnce) });
  }
  const { n } = await laptop.vault.db
    .selectFrom('records')
    .select((of) => of.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow();
  await laptop.vault.close();
  // The last twelve digits count; the rest is the template's.
  const caseId = (index: number) => (template.slice(0, -12) + index.toString(16).padStart(12, '0')) as CaseId;
  return { records: n, caseId, bigCase };
}

async function writeCase({ handlers }: Laptop, records: number): Promise<CaseId> {
  const { caseId } = await handlers['reports.take']({
    channel: 'phone',
    receivedAt: '2026-11-23T08:00:00.000Z',
    anonymous: true,
    reporterName: null,
    reporterContact: null,
    who: 'Ein Kollege aus dem Lager',
    whoIsAtRisk: null,
    what: 'Er hat am Telefon gedroht und aufgelegt.',
    where: null,
    when: null,
    behaviours: [],
    emergency: false,
  });
  await handlers['reports.triage']({
    caseId,
    outcome: 'open',
    reason: 'Ernst zu nehmen.',
    title: 'Drohung am Telefon',
  });
  const edits = Array.from({ length: records - 2 }, (_, index) => ({
    record: newId<RecordId>(systemIds),
    kind: 'observation',
    op: 'create' as const,
    fields: {
      nature: { value: 'fact', saw: [] },
      text: {
        value: `Beobachtung ${index}: stand nach der Schicht vor dem Tor und fragte die Pförtnerin nach dem Dienstplan.`,
        saw: [],
      },
      source: { value: `Gespräch mit Zeugin ${index}`, saw: [] },
      reliability: { value: 'high', saw: [] },
    },
  }));
  for (let at = 0; at < edits.length; at += 100) {
    await handlers['cases.edit']({ caseId, edits: edits.slice(at, at + 100) });
  }
  return caseId;
}

interface Copies {
  readonly template: CaseId;
  readonly from: number;
  readonly to: number;
}

async function multiply({ vault }: Laptop, { template, from, to }: Copies): Promise<void> {
  const numbers = sql`WITH RECURSIVE n (i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${to})`;
  const newCase = sql`${template.slice(0, -12)} || printf('%012x', n.i)`;
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
      unsent: sql`0`,
    });
    await copy('records', { case_id: newCase });
    await copy('search_docs', { case_id: newCase });
    await sql`INSERT INTO search (rowid, title, body, forms)
      ${numbers} SELECT c.id, s.title, s.body || ' wort' || n.i, s.forms
      FROM n JOIN search_docs AS c ON c.case_id = ${newCase}
      JOIN search_docs AS d ON d.case_id = ${template} AND d.record_id = c.record_id
      JOIN search AS s ON s.rowid = d.id`.execute(tx);
  });
}
