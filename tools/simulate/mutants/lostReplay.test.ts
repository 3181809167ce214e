/** The simulation can fail: a laptop that forgets its own pending edits when it computes a record anew. */
import { expect, it, vi } from 'vitest';
import { firstFinding, useStage } from '../testing.ts';

vi.mock('../../../electron/core/storage/changeHistory.ts', async (original) => {
  const real = await original<typeof import('../../../electron/core/storage/changeHistory.ts')>();
  const arrivedOf: typeof real.arrivedOf = async (db, caseId, records) => {
    const own = await db.selectFrom('outbox').select('head').where('case_id', '=', caseId).execute();
    const pending = new Set(own.map(({ head }) => (JSON.parse(head) as { id: string }).id));
    return (await real.arrivedOf(db, caseId, records)).filter(({ head }) => !pending.has(head.id));
  };
  return { ...real, arrivedOf };
});

const stage = useStage();

it('finds a laptop that loses its pending edits when the log comes in', { timeout: 240_000 }, async () => {
  const finding = await firstFinding(stage, 40);
  expect(finding?.invariants).toContain('shows what it holds');
});
