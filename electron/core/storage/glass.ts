/** Who broke the glass where, as a data protection officer's laptop was told; and what of it was taken note of. */
import type { Kysely } from 'kysely';
import type { BrokenGlass } from '../../../shared/sync/wire.ts';
import type { Owner } from './meta.ts';
import { readMeta, writeMeta } from './meta.ts';
import type { VaultTables } from './tables.ts';

type Db = Kysely<VaultTables>;

/** Up to which number it was told; `undefined` where the person is none and is told nothing. */
export async function glassCursor(db: Db, { userId, userRole }: Owner): Promise<number | undefined> {
  const known = await db.selectFrom('users').select('role').where('id', '=', userId).executeTakeFirst();
  if ((known?.role ?? userRole) !== 'dpo') return undefined;
  return (await readMeta(db, 'glassCursor')) ?? 0;
}

export async function saveGlass(tx: Db, glass: readonly BrokenGlass[]): Promise<void> {
  for (const { case: caseId, caseNumber, user, compartment, reason, atMs, untilMs } of glass) {
    await tx
      .insertInto('broken_glass')
      .values({
        ...{ case_id: caseId, case_number: caseNumber, user_id: user, compartment, reason },
        ...{ at_ms: atMs, until_ms: untilMs, seen: 0 },
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  const last = glass.at(-1);
  if (last !== undefined) await writeMeta(tx, 'glassCursor', last.number);
}
