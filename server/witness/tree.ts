/** The tree behind a statement, made again from the heads it names. */
import { nodeCrypto } from '../../platform/crypto.ts';
import { toBase64Url } from '../../shared/bytes.ts';
import type { CaseId, TenantId } from '../../shared/ids.ts';
import { HashTree } from '../../shared/integrity/merkle.ts';
import {
  auditLeaf,
  caseLeaf,
  type SignedStatement,
  type Witnessed,
  witnessStatementSchema,
} from '../../shared/integrity/witness.ts';
import type { Trx } from '../db/scope.ts';
import { headsAt, type WitnessedHead } from './statements.ts';

/** A head and where it stands in the tree; leaf 0 is the audit log. */
export type Leaf = WitnessedHead & { readonly index: number };

export interface KnownTree {
  readonly statement: SignedStatement;
  readonly tree: HashTree;
  readonly heads: ReadonlyMap<CaseId, Leaf>;
}

export async function treeOf(trx: Trx, tenant: TenantId, { text, sig }: SignedStatement): Promise<KnownTree> {
  const { hour, audit } = witnessStatementSchema.parse(JSON.parse(text));
  const heads = await headsAt(trx, tenant, hour);
  const leaves = [auditLeaf(tenant, audit), ...heads.map((head) => caseLeaf(head.caseId, head))];
  return {
    statement: { text, sig },
    tree: new HashTree(leaves, nodeCrypto),
    heads: new Map(heads.map((head, at) => [head.caseId, { ...head, index: at + 1 }])),
  };
}

export function witnessedBy({ statement, tree }: KnownTree, head: Leaf): Witnessed {
  const { index, size, path } = tree.pathOf(head.index);
  const proof = { index, size, path: path.map(toBase64Url) };
  return { statement, position: head.position, running: head.running, proof };
}
