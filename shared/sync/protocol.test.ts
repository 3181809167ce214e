/** The example in docs/protocol.md is what the product does, and what the document says in words. */
import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { nodeCrypto, signerFromSeed } from '../../platform/crypto.ts';
import { fromBase64Url, toBase64Url } from '../bytes.ts';
import { parseCanonical } from './canonical.ts';
import { chainStart, readChange, sealChange } from './change.ts';
import { emptyLog, extendLog, logEntrySchema, signedHeadSchema, signHead } from './log.ts';
import { makeProof, proofClaimsSchema } from './proof.ts';
import { segmentSchema, signSegment, verifySegment } from './segment.ts';

const text = readFileSync(new URL('../../docs/protocol.md', import.meta.url), 'utf8');
const written: unknown = JSON.parse(/## Example[\s\S]*?```json\n([\s\S]*?)\n```/.exec(text)?.[1] ?? '');
const example = z
  .strictObject({
    deviceSeed: z.string(),
    serviceSeed: z.string(),
    deviceKey: z.string(),
    serviceKey: z.string(),
    payloadHash: z.string(),
    hash: z.string(),
    segment: segmentSchema,
    entry: logEntrySchema,
    head: signedHeadSchema,
    body: z.string(),
    claims: z.string(),
    proof: z.string(),
  })
  .parse(written);

const bytes = (encoded: string) => Buffer.from(fromBase64Url(encoded) ?? []);
const { segment, entry, head } = example;
const [change] = segment.changes;
if (change === undefined) throw new Error('the example has a change');

describe('the example of the protocol', () => {
  it('is what the product makes of the same inputs', () => {
    const device = signerFromSeed(bytes(example.deviceSeed));
    const service = signerFromSeed(bytes(example.serviceSeed));
    expect(toBase64Url(device.publicKey)).toBe(example.deviceKey);
    expect(toBase64Url(service.publicKey)).toBe(example.serviceKey);
    const sealed = sealChange(readChange(change), { ...nodeCrypto, randomBytes: () => bytes(change.salt) });
    expect(sealed).toEqual(change);
    const draft = { caseId: segment.case, device: segment.device, prev: chainStart, changes: [sealed] };
    expect(signSegment(draft, device, nodeCrypto)).toEqual(segment);
    expect(verifySegment(segment, device.publicKey, nodeCrypto)).toEqual([
      { n: 1, hash: example.hash, payloadHash: example.payloadHash },
    ]);
    const log = extendLog(emptyLog, { changeHash: example.hash, ...entry }, nodeCrypto);
    expect(signHead(segment.case, log, service)).toEqual(head);
    const claims = proofClaimsSchema.parse(parseCanonical(example.claims));
    expect(claims.body).toBe(toBase64Url(nodeCrypto.sha256(Buffer.from(example.body))));
    expect(makeProof(claims, device)).toBe(example.proof);
  });

  it('follows from the words alone, with nothing but SHA-256 and Ed25519', () => {
    const sha = (...parts: (string | Buffer)[]) => {
      const hash = createHash('sha256');
      for (const part of parts) hash.update(part);
      return hash.digest();
    };
    const uuid = (id: string) => Buffer.from(id.replaceAll('-', ''), 'hex');
    const number = (value: number, length: 4 | 8) => {
      const out = Buffer.alloc(8);
      out.writeBigUInt64BE(BigInt(value));
      return out.subarray(8 - length);
    };
    const zero = Buffer.alloc(32);
    const ids = [uuid(segment.case), uuid(segment.device)] as const;
    const ofPayload = sha('tma/payload/1', bytes(change.salt), change.payload);
    const hash = sha('tma/change/1', ...ids, number(1, 4), zero, ofPayload, change.head);
    const running = sha(
      'tma/log/1',
      zero,
      hash,
      Buffer.of(1),
      number(entry.effective[0], 8),
      number(entry.effective[1], 4),
      number(entry.receivedAtMs, 8),
    );
    expect([ofPayload, hash, running].map((one) => one.toString('base64url'))).toEqual([
      example.payloadHash,
      example.hash,
      head.running,
    ]);
    const run = Buffer.concat([number(1, 4), number(1, 4), zero, hash]);
    const signed = (seed: string, ...message: (string | Buffer)[]) =>
      sign(null, Buffer.concat(message.map((part) => Buffer.from(part))), privateKey(seed)).toString(
        'base64url',
      );
    expect(signed(example.deviceSeed, 'tma/segment/1', ids[1], ids[0], run)).toBe(segment.sig);
    const point = Buffer.concat([number(head.position, 8), running]);
    expect(signed(example.serviceSeed, 'tma/head/1', ids[0], point)).toBe(head.sig);
    const [claims, proof] = example.proof.split('.').map(bytes);
    expect(claims?.toString()).toBe(example.claims);
    const message = Buffer.from(`tma/proof/1${example.claims}`);
    expect(verify(null, message, createPublicKey(privateKey(example.deviceSeed)), proof ?? zero)).toBe(true);
  });
});

/** RFC 8410: the seed in its DER wrapping. */
function privateKey(seed: string) {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), bytes(seed)]);
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
}
