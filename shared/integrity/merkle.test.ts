import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeCrypto } from '../../platform/crypto.ts';
import { u32 } from '../bytes.ts';
import { HashTree, rootOver } from './merkle.ts';

const leavesOf = (count: number) => Array.from({ length: count }, (_, i) => u32(i));
const rootOf = (leaves: readonly Uint8Array[]) => new HashTree(leaves, nodeCrypto).root(nodeCrypto);
const hex = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('hex');
const sha = (...parts: readonly Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();

/** The definition of RFC 9162 §2.1.1, word for word. */
function asTheRfcSays(leaves: readonly Uint8Array[]): Uint8Array {
  const [only] = leaves;
  if (only === undefined) return sha();
  if (leaves.length === 1) return sha(Uint8Array.of(0), only);
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return sha(Uint8Array.of(1), asTheRfcSays(leaves.slice(0, k)), asTheRfcSays(leaves.slice(k)));
}

describe('a hash tree', () => {
  it('has the root that RFC 9162 defines, for every number of leaves', () => {
    for (let count = 0; count <= 70; count += 1)
      expect(hex(rootOf(leavesOf(count)))).toBe(hex(asTheRfcSays(leavesOf(count))));
  });

  it('has the roots of the test vectors of certificate transparency', () => {
    const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657'];
    const leaves = [...inputs, '606162636465666768696a6b6c6d6e6f'].map((text) => Buffer.from(text, 'hex'));
    expect(hex(rootOf(leaves.slice(0, 1)))).toBe(
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    );
    expect(hex(rootOf(leaves))).toBe('5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328');
  });

  it('proves each of its leaves, and nothing else', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 90 }), fc.nat(), fc.nat(), (count, one, other) => {
        const leaves = leavesOf(count);
        const tree = new HashTree(leaves, nodeCrypto);
        const way = tree.pathOf(one % count);
        const root = hex(tree.root(nodeCrypto));
        expect(hex(rootOver(leaves[one % count] ?? u32(0), way, nodeCrypto))).toBe(root);
        expect(hex(rootOver(u32(count + other), way, nodeCrypto))).not.toBe(root);
        const elsewhere = { ...way, index: (way.index + 1 + (other % count)) % count };
        if (elsewhere.index !== way.index)
          expect(hex(rootOver(leaves[one % count] ?? u32(0), elsewhere, nodeCrypto))).not.toBe(root);
      }),
      { seed: 9162, numRuns: 400 },
    );
  });

  it('takes no path of another length', () => {
    const tree = new HashTree(leavesOf(5), nodeCrypto);
    const way = tree.pathOf(4);
    expect(rootOver(u32(4), { ...way, path: [...way.path, u32(1)] }, nodeCrypto)).toBeUndefined();
    expect(rootOver(u32(4), { ...way, path: [] }, nodeCrypto)).toBeUndefined();
    expect(rootOver(u32(4), { ...way, index: 5 }, nodeCrypto)).toBeUndefined();
    expect(() => tree.pathOf(5)).toThrow(RangeError);
  });

  it('does not take a node for a leaf', () => {
    const [a, b] = leavesOf(2);
    if (a === undefined || b === undefined) throw new Error('two leaves');
    const pair = Buffer.concat([sha(Uint8Array.of(0), a), sha(Uint8Array.of(0), b)]);
    expect(hex(rootOf([pair]))).not.toBe(hex(rootOf([a, b])));
  });
});
