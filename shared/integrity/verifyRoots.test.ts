import { describe, expect, it } from 'vitest';
import { nodeCrypto, signerFromSeed } from '../../platform/crypto.ts';
import { zeroHash } from '../sync/change.ts';
import { service, tenant } from './chain.test-support.ts';
import { verifyRoots } from './verifyRoots.ts';
import { linkOf, type SignedStatement, signStatement, type WitnessStatement } from './witness.ts';

const expected = { tenant, serviceKey: service.publicKey, crypto: nodeCrypto };

const statement = (
  hour: number,
  before: SignedStatement | undefined,
  more: Partial<WitnessStatement> = {},
): SignedStatement =>
  signStatement(
    {
      ...{ version: 1, tenant, epoch: 'first', cases: 0, root: zeroHash },
      hour: `2026-11-28T${String(hour).padStart(2, '0')}:00:00Z`,
      audit: { position: hour, hash: zeroHash },
      previous: before === undefined ? zeroHash : linkOf(before, nodeCrypto),
      ...more,
    },
    service,
  );

const one = statement(8, undefined);
const two = statement(9, one);
const three = statement(12, two);

describe('the statements in the storage', () => {
  it('verify in any order they are read, with hours that have none', () => {
    expect(verifyRoots([three, one, two], expected)).toMatchObject({ outcome: 'sound', restoredAt: [] });
    expect(verifyRoots([], expected)).toMatchObject({ outcome: 'sound', roots: [] });
  });

  it('show that one was taken away', () => {
    const verdict = verifyRoots([one, three], expected);
    expect(verdict).toEqual({ outcome: 'broken', at: { kind: 'omitted' }, hour: '2026-11-28T12:00:00Z' });
    expect(verifyRoots([two, three], expected)).toMatchObject({ at: { kind: 'omitted' } });
  });

  it('show that the service was set back without saying so', () => {
    const again = statement(13, one);
    expect(verifyRoots([one, two, three, again], expected)).toEqual({
      outcome: 'broken',
      at: { kind: 'rolled-back' },
      hour: '2026-11-28T13:00:00Z',
    });
  });

  it('tell of a restore that was declared', () => {
    const again = statement(13, one, { epoch: 'second' });
    const after = statement(14, again, { epoch: 'second' });
    expect(verifyRoots([one, two, three, again, after], expected)).toMatchObject({
      outcome: 'sound',
      restoredAt: ['2026-11-28T13:00:00Z'],
    });
  });

  it('show two for one hour', () => {
    expect(verifyRoots([one, two, statement(9, one, { cases: 3 })], expected)).toMatchObject({
      at: { kind: 'forked' },
      hour: '2026-11-28T09:00:00Z',
    });
  });

  it('show one of somebody else, or of another tenant', () => {
    const other = signerFromSeed(new Uint8Array(32).fill(5));
    const forged = signStatement(JSON.parse(two.text), other);
    expect(verifyRoots([one, forged], expected)).toMatchObject({ at: { kind: 'signature' } });
    expect(verifyRoots([{ ...two, text: 'x' }], expected)).toMatchObject({ at: { kind: 'signature' } });
    const foreign = statement(9, one, { tenant: '019a0000-0000-7000-8000-00000000ffff' as typeof tenant });
    expect(verifyRoots([one, foreign], expected)).toMatchObject({ at: { kind: 'swapped' } });
  });
});
