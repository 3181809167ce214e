/**
 * Checks the statements of one tenant as they lie in the write-once storage: each is signed, each hour has one, and
 * each names the one before. A service that was set back does not know what it had signed since, and shows it by
 * naming an earlier one; after a restore that was declared it does so under a new epoch, which is told, not refused.
 */
import type { TenantId } from '../ids.ts';
import { zeroHash } from '../sync/change.ts';
import type { SyncCrypto } from '../sync/crypto.ts';
import { Broken, unlessBroken } from './breaks.ts';
import { linkOf, readStatement, type SignedStatement, type WitnessStatement } from './witness.ts';

export interface Root {
  readonly signed: SignedStatement;
  readonly statement: WitnessStatement;
}

export interface SoundRoots {
  readonly outcome: 'sound';
  /** Oldest first. */
  readonly roots: readonly Root[];
  /** Hours of the first statement after each declared restore of the service. */
  readonly restoredAt: readonly string[];
}
/** `hour` says which statement is the first that is wrong, where one can be read. */
export type RootsVerdict =
  | SoundRoots
  | { readonly outcome: 'broken'; readonly at: Broken['at']; readonly hour?: string };

export interface RootsExpectation {
  readonly tenant: TenantId;
  readonly serviceKey: Uint8Array;
  readonly crypto: SyncCrypto;
}

export function verifyRoots(signed: readonly SignedStatement[], expected: RootsExpectation): RootsVerdict {
  let hour: string | undefined;
  const verdict = unlessBroken((): SoundRoots => {
    const roots = signed.map((one) => read(one, expected)).sort(byHour);
    const restoredAt: string[] = [];
    const known = new Map<string, Root>();
    let before: Root | undefined;
    for (const root of roots) {
      hour = root.statement.hour;
      if (before !== undefined && before.statement.hour === hour) throw new Broken({ kind: 'forked' });
      const { previous, epoch } = root.statement;
      const expectedLink = before === undefined ? zeroHash : linkOf(before.signed, expected.crypto);
      if (previous !== expectedLink) {
        const isRestore =
          before !== undefined &&
          before.statement.epoch !== epoch &&
          (previous === zeroHash || known.has(previous));
        if (!isRestore) throw new Broken({ kind: isEarlier(previous, known) ? 'rolled-back' : 'omitted' });
        restoredAt.push(hour);
      }
      known.set(linkOf(root.signed, expected.crypto), root);
      before = root;
    }
    return { outcome: 'sound', roots, restoredAt };
  });
  return verdict.outcome === 'broken' && hour !== undefined ? { ...verdict, hour } : verdict;
}

function read(signed: SignedStatement, { tenant, serviceKey, crypto }: RootsExpectation): Root {
  const statement = readStatement(signed, serviceKey, crypto);
  if (statement === undefined) throw new Broken({ kind: 'signature' });
  if (statement.tenant !== tenant) throw new Broken({ kind: 'swapped' });
  return { signed, statement };
}

function isEarlier(link: string, known: ReadonlyMap<string, Root>): boolean {
  return link === zeroHash || known.has(link);
}

function byHour(a: Root, b: Root): number {
  return a.statement.hour < b.statement.hour ? -1 : Number(a.statement.hour > b.statement.hour);
}
