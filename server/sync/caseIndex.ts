/** The plain columns about a case, for access, scheduling and statistics. Nothing a person wrote is among them. */
import { z } from 'zod';
import { concernLevelSchema } from '../../shared/domain/levels.ts';
import { caseStatusSchema } from '../../shared/domain/workflow.ts';
import { userIdSchema } from '../../shared/ids.ts';
import type { RecordState } from '../../shared/sync/merge.ts';
import { viewRecord } from '../../shared/sync/view.ts';
import type { Trx } from '../db/scope.ts';
import type { CasePlace } from './caseStore.ts';

// What only a newer program knows is left out rather than refused: the index is a help, the log is the truth.
const indexSchema = z.object({
  status: caseStatusSchema.catch('received'),
  level: concernLevelSchema.nullable().catch(null),
  imminent: z.boolean().catch(false),
  lead: userIdSchema.nullable().catch(null),
  openedAt: z.iso.datetime().nullable().catch(null),
  levelSince: z.iso.datetime().nullable().catch(null),
  reassessBy: z.iso.date().nullable().catch(null),
});

export async function putIndex(trx: Trx, place: CasePlace, file: RecordState | undefined): Promise<void> {
  const values = indexSchema.parse(file === undefined ? {} : viewRecord(file).values);
  const columns = {
    status: values.status,
    level: values.level,
    imminent: values.imminent,
    lead: values.lead,
    opened_at: values.openedAt,
    level_since: values.levelSince,
    reassess_by: values.reassessBy,
  };
  await trx
    .insertInto('case_index')
    .values({ tenant_id: place.tenant, case_id: place.caseId, ...columns })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'case_id']).doUpdateSet(columns))
    .execute();
}
