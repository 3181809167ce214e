/** How each case stands between this laptop and the service: what waits in it, what keeps it back, when it last agreed. */
import { type Selectable, sql } from 'kysely';
import type { ParsedInputOf } from '../../../shared/contract/procedures.ts';
import { type SyncCase, syncCaseStates } from '../../../shared/contract/syncViews.ts';
import { errorCodeSchema } from '../../../shared/errors.ts';
import type { CaseId } from '../../../shared/ids.ts';
import { iso } from '../cases/views.ts';
import type { Db } from '../session/workspace.ts';
import { readMeta, type SetAsideNote } from '../storage/meta.ts';
import type { CasesTable } from '../storage/tables.ts';

type Row = Pick<
  Selectable<CasesTable>,
  'id' | 'number' | 'title' | 'level' | 'unsent' | 'conflicts' | 'push_refused' | 'log_head'
> & { readonly oldest_ms: number | null };

/** What holds for all cases alike. */
interface Known {
  readonly lastSuccessAtMs: number | null;
  readonly setAside: ReadonlyMap<CaseId, SetAsideNote>;
}

export async function syncCases(
  db: Db,
  { which, limit }: ParsedInputOf<'sync.cases'>,
): Promise<{ lines: SyncCase[]; total: number; open: number }> {
  const notes = (await readMeta(db, 'setAside')) ?? [];
  const known: Known = {
    lastSuccessAtMs: (await readMeta(db, 'lastSuccessAtMs')) ?? null,
    setAside: new Map(notes.map((note) => [note.case, note])),
  };
  const isOpen = sql<boolean>`(unsent > 0 OR push_refused IS NOT NULL OR id IN
    (SELECT value FROM json_each(${JSON.stringify([...known.setAside.keys()])})))`;
  const counts = await db
    .selectFrom('cases')
    .select((of) => [
      of.fn.countAll<number>().as('total'),
      sql<number>`count(*) FILTER (WHERE ${isOpen})`.as('open'),
    ])
    .executeTakeFirstOrThrow();
  const all = db
    .selectFrom('cases')
    .select(['id', 'number', 'title', 'level', 'unsent', 'conflicts', 'push_refused', 'log_head'])
    .select(
      sql<number | null>`CASE WHEN unsent > 0 THEN
        (SELECT min(at_ms) FROM outbox WHERE case_id = cases.id AND status = 'pending') END`.as('oldest_ms'),
    );
  const rows = await (which === 'open' ? all.where(isOpen) : all)
    .orderBy('updated_ms', 'desc')
    .limit(limit)
    .execute();
  const neverTaken = await notHere(db, notes);
  const lines = [...neverTaken.map(unknownCase), ...rows.map((row) => syncCase(row, known))].sort(byUrgency);
  return { lines, total: counts.total + neverTaken.length, open: counts.open + neverTaken.length };
}

/** Cases whose very first page did not fit: nothing of them is here but that. */
async function notHere(db: Db, notes: readonly SetAsideNote[]): Promise<readonly SetAsideNote[]> {
  if (notes.length === 0) return [];
  const ids = notes.map((note) => note.case);
  const rows = await db.selectFrom('cases').select('id').where('id', 'in', ids).execute();
  const here = new Set(rows.map(({ id }) => id));
  return notes.filter((note) => !here.has(note.case));
}

function unknownCase({ case: caseId, code }: SetAsideNote): SyncCase {
  const nothing = { number: null, title: null, level: null, oldestUnsentAt: null, lastSuccessAt: null };
  return { ...nothing, caseId, state: 'set-aside', code, unsent: 0, conflicts: 0 };
}

function syncCase(row: Row, known: Known): SyncCase {
  const aside = known.setAside.get(row.id);
  const refusal = errorCodeSchema.nullable().catch(null).parse(row.push_refused);
  const agreedMs = aside === undefined ? known.lastSuccessAtMs : aside.goodUntilMs;
  return {
    caseId: row.id,
    number: row.number,
    title: row.title,
    level: row.level,
    state:
      aside !== undefined ? 'set-aside' : refusal !== null ? 'refused' : row.unsent > 0 ? 'waiting' : 'same',
    code: aside?.code ?? refusal,
    unsent: row.unsent,
    oldestUnsentAt: row.oldest_ms === null ? null : iso(row.oldest_ms),
    conflicts: row.conflicts,
    // A case without a signed head was never on the service.
    lastSuccessAt: row.log_head === null || agreedMs === null ? null : iso(agreedMs),
  };
}

/** What needs somebody first, then what has waited longest; the rest as it came. */
function byUrgency(a: SyncCase, b: SyncCase): number {
  const order = syncCaseStates.indexOf(a.state) - syncCaseStates.indexOf(b.state);
  if (order !== 0 || a.oldestUnsentAt === null || b.oldestUnsentAt === null) return order;
  return a.oldestUnsentAt < b.oldestUnsentAt ? -1 : a.oldestUnsentAt > b.oldestUnsentAt ? 1 : 0;
}
