/** Newer pins on their way from the service into the vault, over a real connection. */
import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { newSigningSeed, signerFromSeed, systemIds } from '../../../platform/crypto.ts';
import { toBase64Url } from '../../../shared/bytes.ts';
import { type PinSet, signPinSet } from '../../../shared/sync/pins.ts';
import type { HelloAnswer } from '../../../shared/sync/wire.ts';
import { createAuthority, issueServerCertificate } from '../../../tools/support/authority.ts';
import { json, type ScriptedService, startScriptedService } from '../../../tools/support/scripted-service.ts';
import { pinOf } from '../service/agent.ts';
import { newOwner } from '../storage/testing.ts';
import { type Desk, openDesk, until } from './testing.ts';

const offline = signerFromSeed(newSigningSeed());
const spare = Buffer.alloc(32, 4).toString('base64');
const hello: HelloAnswer = {
  ...{ serverTimeMs: 1, epoch: 'e1', protocol: { min: 1, max: 1 }, schema: { min: 1, max: 1 } },
  ...{ directory: { users: [], devices: [] }, emergency: [] },
};
const inAYear = new Date(Date.now() + 365 * 86_400_000).toISOString();

let folder = '';
let service: ScriptedService;
let desk: Desk;
let leafPin = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tma-pins-'));
  const authority = await createAuthority(join(folder, 'authority'));
  const certificate = await issueServerCertificate(authority);
  leafPin = pinOf(new X509Certificate(certificate.certificatePem).raw);
  service = await startScriptedService(certificate);
  const pinning = { serial: 1, pins: [leafPin, spare], expiresAt: inAYear };
  desk = await openDesk({
    ...{ folder, name: 'Anna', owner: newOwner('Anna', systemIds), signer: signerFromSeed(newSigningSeed()) },
    service: {
      ...{ url: service.url, caPem: authority.certificatePem },
      pinning: { ...pinning, updateKey: toBase64Url(offline.publicKey) },
    },
  });
});
afterEach(async () => {
  await desk.close();
  await service.close();
  await rm(folder, { recursive: true, force: true });
});

function offer(set: PinSet): void {
  service.answerWith((request, response) =>
    json(response, 200, request.path.endsWith('/hello') ? { ...hello, pins: signPinSet(set, offline) } : {}),
  );
}

it('S01 keeps a newer set in the vault, and holds to it after a lock', async () => {
  const set = { serial: 2, pins: [leafPin, spare], expiresAt: inAYear };
  offer(set);
  desk.engine.start();
  await until(async () => (await desk.log.get('pins')) !== undefined, desk);
  expect(await desk.log.get('pins')).toEqual(signPinSet(set, offline));
  // A set without the key of the service: as if the service had been given another key since.
  await desk.log.set(
    'pins',
    signPinSet(
      { serial: 3, pins: [spare, Buffer.alloc(32, 5).toString('base64')], expiresAt: inAYear },
      offline,
    ),
  );
  const engine = await desk.restart();
  engine.start();
  await until(async () => (await engine.get()).error === 'service.certificate-refused', desk);
});

it('S01 keeps no set that would lock it out', async () => {
  offer({ serial: 2, pins: [spare, Buffer.alloc(32, 5).toString('base64')], expiresAt: inAYear });
  desk.engine.start();
  await until(() => desk.hellos.length > 0, desk);
  expect(await desk.log.get('pins')).toBeUndefined();
});
