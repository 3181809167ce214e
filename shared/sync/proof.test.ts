import { describe, expect, it } from 'vitest';
import { nodeCrypto, signerFromSeed } from '../../platform/crypto.ts';
import { toBase64Url, utf8 } from '../bytes.ts';
import type { TmaError } from '../errors.ts';
import type { DeviceId } from '../ids.ts';
import { canonical } from './canonical.ts';
import { isProofSigned, makeProof, type ProofClaims, readProof } from './proof.ts';

const signer = signerFromSeed(new Uint8Array(32).fill(7));
const claims: ProofClaims = {
  device: '01900000-0000-7000-8000-de0000000001' as unknown as DeviceId,
  method: 'POST',
  path: '/v1/sync/push?x=1',
  nonce: 'nonce',
  id: toBase64Url(new Uint8Array(16)),
  body: toBase64Url(new Uint8Array(32)),
};
const proof = makeProof(claims, signer);

const isGood = (header: string): boolean => {
  try {
    return isProofSigned(readProof(header), signer.publicKey, nodeCrypto);
  } catch {
    return false;
  }
};

describe('the proof of a request', () => {
  it('is read back with every claim, and is signed by the device', () => {
    expect(readProof(proof).claims).toEqual(claims);
    expect(isGood(proof)).toBe(true);
  });

  it('does not survive the change of a single bit', () => {
    for (let at = 0; at < proof.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const changed = String.fromCharCode(proof.charCodeAt(at) ^ (1 << bit));
        expect(isGood(proof.slice(0, at) + changed + proof.slice(at + 1))).toBe(false);
      }
    }
  });

  it('is worth nothing for another device, method, path, nonce, id or body', () => {
    const [, signature = ''] = proof.split('.');
    const others: readonly Partial<ProofClaims>[] = [
      { device: '01900000-0000-7000-8000-de0000000002' as unknown as DeviceId },
      { method: 'GET' },
      { path: '/v1/sync/pull' },
      { nonce: 'another' },
      { id: toBase64Url(new Uint8Array(16).fill(1)) },
      { body: toBase64Url(new Uint8Array(32).fill(1)) },
    ];
    for (const other of others) {
      const text = toBase64Url(utf8(canonical({ ...claims, ...other })));
      expect(isGood(`${text}.${signature}`)).toBe(false);
    }
    expect(isProofSigned(readProof(proof), signerFromSeed(new Uint8Array(32)).publicKey, nodeCrypto)).toBe(
      false,
    );
  });

  it('is worth nothing without its signature', () => {
    const [claimsPart = ''] = proof.split('.');
    expect(isGood(claimsPart)).toBe(false);
    expect(isGood(`${claimsPart}.`)).toBe(false);
  });

  it.each([
    ['nothing', ''],
    ['three parts', `${proof}.AAAA`],
    ['claims that are no JSON', `${toBase64Url(utf8('{'))}.AAAA`],
    ['claims with something more', `${toBase64Url(utf8(canonical({ ...claims, more: 1 })))}.AAAA`],
    ['claims not canonical', `${toBase64Url(utf8(JSON.stringify(claims)))}.AAAA`],
    ['bytes that are no text', `${toBase64Url(Uint8Array.of(0xff, 0xfe))}.AAAA`],
  ])('is refused by its code when it is %s', (_what, header) => {
    const refusal = expect.objectContaining({ code: 'auth.proof-invalid' }) as TmaError;
    expect(() => readProof(header)).toThrow(refusal);
  });
});
