/** Who broke the glass, for "My day" of a data protection officer. */
import type { ParsedInputOf } from '../../../shared/contract/procedures.ts';
import type { BrokenGlassView } from '../../../shared/contract/views.ts';
import { iso } from '../cases/views.ts';
import type { Db } from '../session/workspace.ts';

const mostShown = 100;

export async function brokenGlass(tx: Db): Promise<BrokenGlassView[]> {
  const rows = await tx
    .selectFrom('broken_glass')
    .select(['case_id', 'case_number', 'user_id', 'compartment', 'reason', 'at_ms', 'until_ms', 'seen'])
    .orderBy('seen')
    .orderBy('at_ms', 'desc')
    .limit(mostShown)
    .execute();
  return rows.map((row) => ({
    caseId: row.case_id,
    number: row.case_number === '' ? null : row.case_number,
    user: row.user_id,
    compartment: row.compartment,
    reason: row.reason,
    at: iso(row.at_ms),
    until: iso(row.until_ms),
    seen: row.seen === 1,
  }));
}

export async function noteGlass(tx: Db, glass: ParsedInputOf<'day.seenGlass'>): Promise<void> {
  await tx
    .updateTable('broken_glass')
    .set({ seen: 1 })
    .where('case_id', '=', glass.caseId)
    .where('user_id', '=', glass.user)
    .where('compartment', '=', glass.compartment)
    .where('at_ms', '=', Date.parse(glass.at))
    .execute();
}
