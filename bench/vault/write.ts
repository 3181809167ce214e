/** Cases of the big vault that are written through the product. */
import { sql } from 'kysely';
import type { Laptop } from '../../electron/core/storage/testing.ts';
import { systemIds } from '../../platform/crypto.ts';
import { type CaseId, newId, type RecordId } from '../../shared/ids.ts';

export async function writeCase({ handlers }: Laptop, records: number): Promise<CaseId> {
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

/** Writes beside what an observation says, as somebody would who had not seen it: a conflict. */
export async function contradict({ handlers, vault }: Laptop, caseId: CaseId): Promise<void> {
  const { id } = await vault.db
    .selectFrom('records')
    .select('id')
    .where('case_id', '=', caseId)
    .where('kind', '=', sql.lit('observation'))
    .limit(1)
    .executeTakeFirstOrThrow();
  const fields = { source: { value: 'Aus zweiter Hand', saw: [] } };
  await handlers['cases.edit']({
    caseId,
    edits: [{ record: id, kind: 'observation', op: 'update', fields }],
  });
}
