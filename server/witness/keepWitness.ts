/** The hourly work of the witness, and how late it is. */
import { sql } from 'kysely';
import { nodeCrypto } from '../../platform/crypto.ts';
import type { TenantId } from '../../shared/ids.ts';
import { hourOf, linkOf, type SignedStatement } from '../../shared/integrity/witness.ts';
import type { Db } from '../db/connect.ts';
import { writing } from '../db/scope.ts';
import { makeStatement, tenantsWithout, type WitnessContext } from './statements.ts';
import type { WitnessStore } from './witnessStore.ts';

export interface WitnessKeeping extends WitnessContext {
  readonly store: WitnessStore;
}

/** Whatever is due: the statements of this hour, then all that the storage has not taken yet. Throws what either throws. */
export async function keepWitness(keeping: WitnessKeeping): Promise<void> {
  const hour = hourOf(keeping.nowMs());
  for (const tenant of await tenantsWithout(keeping.db, hour)) await makeStatement(keeping, tenant, hour);
  await storeAll(keeping);
}

interface Unstored extends SignedStatement {
  readonly tenant_id: TenantId;
  readonly hour: Date;
}

async function storeAll({ db, store, nowMs }: WitnessKeeping): Promise<void> {
  const { rows } = await sql<Unstored>`
    select tenant_id, hour, text, sig from tma.unstored_witness()`.execute(db);
  for (const { tenant_id: tenant, hour, text, sig } of rows) {
    await store.put(nameOf({ tenant, hour }, { text, sig }), { text, sig });
    await writing(db, { tenant, duty: 'witness', nowMs: nowMs() }, async (trx) => {
      await trx
        .updateTable('witness')
        .set({ stored_at: new Date(nowMs()) })
        .where('tenant_id', '=', tenant)
        .where('hour', '=', hour)
        .execute();
    });
  }
}

/** `roots/TENANT/2026-11-28T13Z-HASH.json`. */
function nameOf(of: { readonly tenant: TenantId; readonly hour: Date }, statement: SignedStatement): string {
  const hour = of.hour.toISOString().slice(0, 13);
  return `roots/${of.tenant}/${hour}Z-${linkOf(statement, nodeCrypto)}.json`;
}

/** For how long, in seconds, the tenant that is worst off has had no statement in the storage; 0 without tenants. */
export async function witnessAge(db: Db, nowMs: number): Promise<number> {
  const { rows } = await sql<{ since: Date | null }>`select tma.witnessed_since() as since`.execute(db);
  const since = rows[0]?.since?.getTime() ?? nowMs;
  return Math.max(0, (nowMs - since) / 1_000);
}
