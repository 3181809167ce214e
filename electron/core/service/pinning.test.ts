import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { nodeCrypto, signerFromSeed } from '../../../platform/crypto.ts';
import { toBase64Url } from '../../../shared/bytes.ts';
import type { TmaError } from '../../../shared/errors.ts';
import { type Pinning, type PinSet, signPinSet } from '../../../shared/sync/pins.ts';
import { createAuthority, issueServerCertificate } from '../../../tools/support/authority.ts';
import { pinOf } from './agent.ts';
import { createPinKeeper, type PinKeeper } from './pinning.ts';
import { createTransport, type Timers } from './transport.ts';

const offline = signerFromSeed(new Uint8Array(32).fill(9));
const nobody = Buffer.alloc(32, 1).toString('base64');
const backup = Buffer.alloc(32, 2).toString('base64');
const timers: Timers = {
  nowMs: () => Date.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

interface Named {
  readonly certificatePem: string;
  readonly keyPem: string;
}

let folder = '';
let caPem = '';
let good: Named;
let elsewhere: Named & { readonly caPem: string };
let leafPin = '';
let authorityPin = '';
let nowMs = 0;
let server: Server;
let connections: { isReused: boolean; protocol: string | null }[];
let answer: { status: number; headers: Record<string, string> };
const closing: (() => void)[] = [];

const pinOfPem = (pem: string) => pinOf(new X509Certificate(pem).raw);
const inDays = (days: number) => new Date(nowMs + days * 86_400_000).toISOString();

function installed(changes: Partial<Pinning> = {}): Pinning {
  return {
    serial: 1,
    pins: [leafPin, backup],
    expiresAt: inDays(30),
    updateKey: toBase64Url(offline.publicKey),
    ...changes,
  };
}

const keeperOf = (pinning: Pinning | undefined): PinKeeper =>
  createPinKeeper({ installed: pinning, crypto: nodeCrypto, nowMs: () => nowMs });

/** A line to the server of this test, as the core makes it. */
function lineTo(pins: PinKeeper, address: { url?: string; caPem?: string } = {}) {
  const transport = createTransport({
    address: { url: `https://localhost:${(server.address() as AddressInfo).port}`, caPem, ...address },
    ...{ timers, program: '0.1.0', pins },
  });
  closing.push(transport.close);
  return { ask: () => transport.post({ path: '/', body: {}, answer: z.object({}) }), chain: transport.chain };
}

const failure = (code: string, params?: object) =>
  expect.objectContaining({ code, ...(params ? { params } : {}) }) as TmaError;
const refusedFor = (reason: string) => failure('service.certificate-refused', { reason });

async function serve(certificate: Named): Promise<Server> {
  const { certificatePem: cert, keyPem: key } = certificate;
  const started = createServer({ cert, key }, (_request, response) => {
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
    response.end('{}');
  });
  started.on('secureConnection', (socket: TLSSocket) => {
    connections.push({ isReused: socket.isSessionReused(), protocol: socket.getProtocol() });
  });
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    started.closeAllConnections();
    started.close();
  });
  return started;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tma-pins-'));
  const authority = await createAuthority(join(folder, 'good'));
  caPem = authority.certificatePem;
  good = await issueServerCertificate(authority);
  const other = await createAuthority(join(folder, 'host'));
  const made = await issueServerCertificate(other, {
    names: ['elsewhere.example'],
    addresses: ['192.0.2.1'],
  });
  elsewhere = { ...made, caPem: other.certificatePem };
  leafPin = pinOfPem(good.certificatePem);
  authorityPin = pinOfPem(caPem);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

beforeEach(async () => {
  nowMs = Date.now();
  connections = [];
  answer = { status: 200, headers: {} };
  server = await serve(good);
});
afterEach(() => {
  for (const close of closing.splice(0).reverse()) close();
});

describe('S01 pins', () => {
  it('let the service pass with the pinned key, over TLS 1.3', async () => {
    await expect(lineTo(keeperOf(installed())).ask()).resolves.toEqual({});
    expect(connections).toEqual([{ isReused: false, protocol: 'TLSv1.3' }]);
  });

  it('let it pass with the backup key, and with a key of its authority', async () => {
    for (const pins of [
      [nobody, leafPin],
      [nobody, authorityPin],
    ]) {
      await expect(lineTo(keeperOf(installed({ pins }))).ask()).resolves.toEqual({});
    }
  });

  it('refuse it with another key, though the authority vouches for it', async () => {
    await expect(lineTo(keeperOf(installed({ pins: [nobody, backup] }))).ask()).rejects.toEqual(
      refusedFor('pin'),
    );
  });

  it('refuse everybody once they are past their end, and say so', async () => {
    const keeper = keeperOf(installed());
    const line = lineTo(keeper);
    nowMs += 31 * 86_400_000;
    await expect(line.ask()).rejects.toEqual(refusedFor('pins-expired'));
  });

  it('do not stand in for the name of the host', async () => {
    server = await serve(elsewhere);
    const pins = [pinOfPem(elsewhere.certificatePem), backup];
    const line = lineTo(keeperOf(installed({ pins })), { caPem: elsewhere.caPem });
    await expect(line.ask()).rejects.toEqual(refusedFor('host'));
  });

  it('do not stand in for the authority', async () => {
    server = await serve(elsewhere);
    const pins = [pinOfPem(elsewhere.certificatePem), backup];
    await expect(lineTo(keeperOf(installed({ pins }))).ask()).rejects.toEqual(refusedFor('authority'));
  });

  it('are looked at on every connection, since none resumes a session', async () => {
    const keeper = keeperOf(installed());
    for (const line of [lineTo(keeper), lineTo(keeper)]) await line.ask();
    const line = lineTo(keeper);
    await line.ask();
    server.closeAllConnections();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await line.ask();
    expect(connections.length).toBe(4);
    expect(connections.filter(({ isReused }) => isReused)).toEqual([]);
    server.closeAllConnections();
    await new Promise((resolve) => setTimeout(resolve, 50));
    nowMs += 31 * 86_400_000;
    await expect(line.ask()).rejects.toEqual(refusedFor('pins-expired'));
  });

  it('hold whatever the environment says, and no redirect leads past them', async () => {
    const target = await serve(elsewhere);
    const away = `https://localhost:${(target.address() as AddressInfo).port}/`;
    const before = { ...process.env };
    Object.assign(process.env, {
      ...{ NODE_TLS_REJECT_UNAUTHORIZED: '0', HTTPS_PROXY: away, https_proxy: away, ALL_PROXY: away },
    });
    try {
      const wrong = lineTo(keeperOf(installed({ pins: [nobody, backup] })));
      await expect(wrong.ask()).rejects.toEqual(refusedFor('pin'));
      answer = { status: 302, headers: { location: away } };
      await expect(lineTo(keeperOf(installed())).ask()).rejects.toEqual(failure('service.answer-invalid'));
    } finally {
      process.env = before;
    }
    // The one that asked for a redirect; nothing of the others got as far as to be heard.
    expect(connections).toHaveLength(1);
  });
});

describe('S01 newer pins', () => {
  const set = (changes: Partial<PinSet> = {}): PinSet => ({
    serial: 2,
    pins: [authorityPin, nobody],
    expiresAt: inDays(60),
    ...changes,
  });
  const chain = () => [leafPin, authorityPin];

  it('replace the older ones when the offline key signed them', async () => {
    const keeper = keeperOf(installed());
    const line = lineTo(keeper);
    await line.ask();
    expect(line.chain()).toEqual(chain());
    expect(keeper.take(signPinSet(set(), offline), line.chain())).toBe('taken');
    expect(keeper.current()).toEqual(set().pins);
    await expect(lineTo(keeper).ask()).resolves.toEqual({});
    nowMs += 31 * 86_400_000;
    await expect(lineTo(keeper).ask()).resolves.toEqual({});
  });

  it('are refused unsigned, signed by another key, and altered', () => {
    const keeper = keeperOf(installed());
    const signed = signPinSet(set(), offline);
    const forged = signPinSet(set(), signerFromSeed(new Uint8Array(32).fill(8)));
    for (const bad of [
      forged,
      { ...signed, sig: 'A'.repeat(86) },
      { ...signed, text: signed.text.replace(nobody, backup) },
      { ...signed, text: `${signed.text} ` },
      { ...signed, text: '{}' },
    ]) {
      expect(keeper.take(bad, chain())).toBe('not-signed');
    }
    expect(keeper.current()).toEqual(installed().pins);
  });

  it('are refused when they are older, over, or would lock this laptop out', () => {
    const keeper = keeperOf(installed({ serial: 5 }));
    const take = (changes: Partial<PinSet>) => keeper.take(signPinSet(set(changes), offline), chain());
    expect(take({ serial: 5 })).toBe('not-newer');
    expect(take({ serial: 4 })).toBe('not-newer');
    expect(take({ serial: 6, expiresAt: inDays(-1) })).toBe('expired');
    expect(take({ serial: 6, pins: [nobody, backup] })).toBe('would-lock-out');
    expect(take({ serial: 6 })).toBe('taken');
  });

  it('name two keys at least, each once', () => {
    for (const pins of [[], [nobody], [nobody, nobody], [nobody, 'AAAA']]) {
      expect(() => signPinSet(set({ pins }), offline)).toThrow();
    }
  });

  it('mean nothing on a laptop that is not pinned', () => {
    const keeper = keeperOf(undefined);
    expect(keeper.take(signPinSet(set(), offline), chain())).toBe('not-pinned');
    expect(keeper.current()).toBeNull();
  });
});
