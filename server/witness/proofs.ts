/** Tells a laptop what the newest statement says about its cases, with the proof that it does. */
import { LRUCache } from 'lru-cache';
import type { CaseId, TenantId, UserId } from '../../shared/ids.ts';
import type { SignedStatement } from '../../shared/integrity/witness.ts';
import type { WitnessAnswer } from '../../shared/sync/wire.ts';
import type { Db } from '../db/connect.ts';
import { reading, type Trx } from '../db/scope.ts';
import { lastStatement } from './statements.ts';
import { type KnownTree, treeOf, witnessedBy } from './tree.ts';

export interface ProofContext {
  readonly db: Db;
  readonly trees: ProofTrees;
  nowMs(): number;
}

/** Trees of the newest statements, by their text: making one hashes every case of a tenant. */
export class ProofTrees {
  readonly #known = new LRUCache<string, KnownTree>({ max: 50 });

  async of(trx: Trx, tenant: TenantId, signed: SignedStatement): Promise<KnownTree> {
    const known = this.#known.get(signed.text) ?? (await treeOf(trx, tenant, signed));
    this.#known.set(signed.text, known);
    return known;
  }
}

interface Asking {
  readonly tenant: TenantId;
  readonly user: UserId;
  readonly cases: readonly CaseId[];
}

/** One answer for each case that the person may see and a statement names; the others are left out. */
export async function proveCases(context: ProofContext, asking: Asking): Promise<WitnessAnswer> {
  const { tenant, user } = asking;
  const nowMs = context.nowMs();
  const visible = await reading(context.db, { tenant, user, nowMs }, (trx) => visibleOf(trx, asking));
  return reading(context.db, { tenant, duty: 'witness', nowMs }, async (trx) => {
    const last = await lastStatement(trx, tenant);
    if (last === undefined || visible.length === 0) return { cases: [] };
    const known = await context.trees.of(trx, tenant, last);
    const cases = visible.flatMap((caseId) => {
      const head = known.heads.get(caseId);
      return head === undefined ? [] : [{ case: caseId, witnessed: witnessedBy(known, head) }];
    });
    return { cases };
  });
}

async function visibleOf(trx: Trx, { tenant, cases }: Asking): Promise<readonly CaseId[]> {
  const rows = await trx
    .selectFrom('cases')
    .select('case_id')
    .where('tenant_id', '=', tenant)
    .where('case_id', 'in', [...cases])
    .execute();
  return rows.map((row) => row.case_id);
}
