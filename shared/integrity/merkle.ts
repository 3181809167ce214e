/**
 * Hash trees over a list of leaves (RFC 9162 §2.1, the trees of certificate transparency): one root vouches for all of
 * them, and log2(n) hashes prove that one is among them.
 *
 *   leaf hash = SHA-256(0x00 ‖ leaf)          node hash = SHA-256(0x01 ‖ left ‖ right)
 *
 * The prefixes keep a leaf from ever passing for a node. Nodes are paired from the left, level by level; one that is
 * left over goes up as it is, which is the tree of the RFC.
 *
 * Example, three leaves: root = N(N(L0, L1), L2); the path of leaf 2 is [N(L0, L1)], of leaf 0 [L1, L2].
 */
import { concat } from '../bytes.ts';
import type { SyncCrypto } from '../sync/crypto.ts';

type Hashing = Pick<SyncCrypto, 'sha256'>;

/** Where a leaf stands, and the hashes beside its way up. */
export interface InclusionPath {
  readonly index: number;
  readonly size: number;
  readonly path: readonly Uint8Array[];
}

export function leafHash(leaf: Uint8Array, { sha256 }: Hashing): Uint8Array {
  return sha256(Uint8Array.of(0), leaf);
}

/** All levels from the leaf hashes up to the root; none for no leaf. */
export class HashTree {
  readonly #levels: readonly (readonly Uint8Array[])[];

  constructor(leaves: readonly Uint8Array[], crypto: Hashing) {
    const levels: Uint8Array[][] = [];
    let level = leaves.map((leaf) => leafHash(leaf, crypto));
    while (level.length > 0) {
      levels.push(level);
      if (level.length === 1) break;
      level = parents(level, crypto);
    }
    this.#levels = levels;
  }

  get size(): number {
    return this.#levels[0]?.length ?? 0;
  }

  /** Of no leaf it is the hash of nothing, as the RFC has it. */
  root(crypto: Hashing): Uint8Array {
    return this.#levels.at(-1)?.[0] ?? crypto.sha256();
  }

  /** Throws a `RangeError` for a leaf that is not there. */
  pathOf(index: number): InclusionPath {
    if (!Number.isInteger(index) || index < 0 || index >= this.size) throw new RangeError('no such leaf');
    const path = this.#levels.flatMap((level, height) => level[(index >> height) ^ 1] ?? []);
    return { index, size: this.size, path };
  }
}

/** The root that a leaf and its path lead to; `undefined` for a path no tree of that size has (RFC 9162 §2.1.3.2). */
export function rootOver(leaf: Uint8Array, way: InclusionPath, crypto: Hashing): Uint8Array | undefined {
  const { index, size, path } = way;
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size)
    return undefined;
  let node = leafHash(leaf, crypto);
  let at = index;
  let last = size - 1;
  for (const sibling of path) {
    if (last === 0) return undefined;
    if (at % 2 === 1) node = nodeHash(sibling, node, crypto);
    else if (at < last) node = nodeHash(node, sibling, crypto);
    else {
      // Left over on this level and on those above, until it is a right child.
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
      if (at % 2 === 0) return undefined;
      node = nodeHash(sibling, node, crypto);
    }
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 ? node : undefined;
}

function parents(level: readonly Uint8Array[], crypto: Hashing): Uint8Array[] {
  const above: Uint8Array[] = [];
  for (let i = 0; i < level.length; i += 2) {
    const [left, right] = [level[i], level[i + 1]];
    if (left !== undefined) above.push(right === undefined ? left : nodeHash(left, right, crypto));
  }
  return above;
}

function nodeHash(left: Uint8Array, right: Uint8Array, { sha256 }: Hashing): Uint8Array {
  return sha256(concat(Uint8Array.of(1), left, right));
}
