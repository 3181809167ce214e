/** Tells a laptop what the newest statement says about its cases, with the proof that it does. */
import { LRUCache } from 'lru-cache';
import { nodeCrypto } from '../../platform/crypto.ts';
import { toBase64Url } from '../../shared/bytes.ts';
import type { CaseId, TenantId, UserId } from '../../shared/ids.ts';
import { HashTree } from '../../shared/integrity/merkle.ts';
import {
  auditLeaf,
  caseLeaf,
  type SignedStatement,
  type Witnessed,
  witnessStatementSchema,
} from '../../shared/integrity/witness.ts';
import type { WitnessAnswer } from '../../shared/sync/wire.ts';
import type { Db } from '../db/connect.ts';
import { reading, type Trx } from '../db/scope.ts';
import { headsAt, lastStatement, type WitnessedHead } from './statements.ts';

export interface ProofContext {
  readonly db: Db;
  readonly trees: ProofTrees;
  nowMs(): number;
}

interface KnownTree {
  readonly tree: HashTree;
  /** Where each case stands; leaf 0 is the audit log. */
  readonly heads: ReadonlyMap<CaseId, WitnessedHead & { readonly index: number }>;
}

/** Trees of the newest statements, by their text: making one hashes every case of a tenant. */
export class ProofTrees {
  readonly #known = new LRUCache<string, KnownTree>({ max: 50 });

  async of(trx: Trx, tenant: TenantId, signed: SignedStatement): Promise<KnownTree> {
    const known = this.#known.get(signed.text);
    if (known !== undefined) return known;
    const { hour, audit } = witnessStatementSchema.parse(JSON.parse(signed.text));
    const heads = await headsAt(trx, tenant, hour);
    const leaves = [auditLeaf(tenant, audit), ...heads.map((head) => caseLeaf(head.caseId, head))];
    const made = {
      tree: new HashTree(leaves, nodeCrypto),
      heads: new Map(heads.map((head, at) => [head.caseId, { ...head, index: at + 1 }])),
    };
    this.#known.set(signed.text, made);
    return made;
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
    const statement = { text: last.text, sig: last.sig };
    const { tree, heads } = await context.trees.of(trx, tenant, statement);
    const cases = visible.flatMap((caseId) => {
      const head = heads.get(caseId);
      return head === undefined ? [] : [{ case: caseId, witnessed: witnessedBy(tree, statement, head) }];
    });
    return { cases };
  });
}

export function witnessedBy(
  tree: HashTree,
  statement: SignedStatement,
  head: WitnessedHead & { readonly index: number },
): Witnessed {
  const { index, size, path } = tree.pathOf(head.index);
  const proof = { index, size, path: path.map(toBase64Url) };
  return { statement, position: head.position, running: head.running, proof };
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
