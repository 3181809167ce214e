import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { nodeCrypto, signerFromSeed } from '../../../platform/crypto.ts';
import type { TmaError } from '../../../shared/errors.ts';
import type { DeviceId } from '../../../shared/ids.ts';
import { isProofSigned, readProof } from '../../../shared/sync/proof.ts';
import {
  createAuthority,
  issueServerCertificate,
  type ServerCertificateOptions,
} from '../../../tools/support/authority.ts';
import { json, type ScriptedService, startScriptedService } from '../../../tools/support/scripted-service.ts';
import { HostRefusedError, ServiceAgent } from './agent.ts';
import { createServiceClient, type ServiceClient } from './client.ts';
import { createEnrolmentService } from './enrolment.ts';
import { createTransport, type Timers } from './transport.ts';

const signer = signerFromSeed(new Uint8Array(32).fill(7));
const device = { id: '01900000-0000-7000-8000-de0000000001' as unknown as DeviceId, signer };
const clock: Timers = {
  nowMs: () => Date.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};
/** Whom the authority vouches for is enough here; pins have tests of their own. */
const unpinned = { current: () => null };
const goodHello = {
  serverTimeMs: 1,
  epoch: 'e1',
  protocol: { min: 1, max: 1 },
  schema: { min: 1, max: 1 },
  directory: { users: [], devices: [] },
  emergency: [],
};
const hello = { program: '0.1.0', protocol: 1, schema: 1 };

let folder = '';
let caPem = '';
let good: { certificatePem: string; keyPem: string };
let service: ScriptedService;
const clients: ServiceClient[] = [];
const servers: { close(): unknown }[] = [];

async function certificate(name: string, options: ServerCertificateOptions = {}) {
  const authority = await createAuthority(join(folder, name));
  return { caPem: authority.certificatePem, ...(await issueServerCertificate(authority, options)) };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tma-service-'));
  const made = await certificate('good');
  caPem = made.caPem;
  good = made;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

beforeEach(async () => {
  service = await startScriptedService(good);
  service.answerWith((_request, response) => json(response, 200, goodHello));
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  for (const server of servers.splice(0)) await server.close();
  await service.close();
});

function clientTo(url: string, more: { caPem?: string } = {}): ServiceClient {
  const address = { url, caPem: more.caPem ?? caPem };
  const client = createServiceClient({
    service: address,
    device,
    crypto: nodeCrypto,
    clock,
    program: '0.1.0',
    pins: unpinned,
  });
  clients.push(client);
  return client;
}
const say = (client: ServiceClient, signal = new AbortController().signal) => client.hello(hello, signal);
const failure = (code: string, params?: object) =>
  expect.objectContaining({ code, ...(params ? { params } : {}) }) as TmaError;

async function startWith(options: Parameters<typeof startScriptedService>[0]): Promise<ScriptedService> {
  const server = await startScriptedService(options);
  servers.push(server);
  return server;
}

describe('S01: whom the laptop talks to', () => {
  it('is the service with a certificate of its authority', async () => {
    await expect(say(clientTo(service.url))).resolves.toMatchObject({ epoch: 'e1' });
  });

  it('is nobody with a certificate of another authority, even with the same name', async () => {
    const other = await startWith(await certificate('other'));
    await expect(say(clientTo(other.url))).rejects.toEqual(
      failure('service.certificate-refused', { reason: 'authority' }),
    );
    expect(other.requests).toEqual([]);
  });

  it('is nobody with a certificate that signed itself', async () => {
    const authority = await createAuthority(join(folder, 'self'));
    const keyPem = await readFile(join(folder, 'self', 'authority.key'), 'utf8');
    const self = await startWith({ certificatePem: authority.certificatePem, keyPem });
    await expect(say(clientTo(self.url))).rejects.toEqual(
      failure('service.certificate-refused', { reason: 'authority' }),
    );
  });

  it('is nobody with a certificate for another host', async () => {
    const made = await certificate('host', { names: ['elsewhere.example'], addresses: ['192.0.2.1'] });
    const server = await startWith(made);
    await expect(say(clientTo(server.url, made))).rejects.toEqual(
      failure('service.certificate-refused', { reason: 'host' }),
    );
  });

  it('is nobody with an expired certificate', async () => {
    const made = await certificate('expired', { lifeMs: -1_000 });
    const server = await startWith(made);
    await expect(say(clientTo(server.url, made))).rejects.toEqual(
      failure('service.certificate-refused', { reason: 'expired' }),
    );
  });

  it('is nobody below TLS 1.3', async () => {
    const old = await startWith({ ...good, maxVersion: 'TLSv1.2' });
    await expect(say(clientTo(old.url))).rejects.toEqual(
      failure('service.certificate-refused', { reason: 'protocol' }),
    );
  });

  it('is nobody who speaks no TLS at all, such as the page of a hotel network', async () => {
    const server = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      servers.unshift({ close: () => socket.destroy() });
      socket.end('HTTP/1.1 302 Found\r\nLocation: http://hotel.example\r\n\r\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    servers.push({ close: () => new Promise((resolve) => server.close(resolve)) });
    const { port } = server.address() as { port: number };
    await expect(say(clientTo(`https://localhost:${port}`))).rejects.toEqual(
      failure('service.certificate-refused', { reason: 'protocol' }),
    );
  });

  it('does not change with the environment', async () => {
    const other = await startWith(await certificate('other'));
    const before = { ...process.env };
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    process.env.HTTPS_PROXY = other.url;
    process.env.https_proxy = other.url;
    try {
      await expect(say(clientTo(other.url))).rejects.toEqual(
        failure('service.certificate-refused', { reason: 'authority' }),
      );
      await expect(say(clientTo(service.url))).resolves.toMatchObject({ epoch: 'e1' });
      expect(other.requests).toEqual([]);
    } finally {
      process.env = before;
    }
  });

  it('is not where a redirect leads', async () => {
    const other = await startWith(good);
    service.answerWith((_request, response) => {
      response.writeHead(307, { location: `${other.url}/v1/sync/hello` });
      response.end();
    });
    await expect(say(clientTo(service.url))).rejects.toEqual(failure('service.answer-invalid'));
    expect(other.requests).toEqual([]);
  });
});

describe('E08: the agent of the core', () => {
  it('connects to no other host or port than the service', async () => {
    const other = await startWith(good);
    const agent = new ServiceAgent({ host: 'localhost', port: service.port, caPem, pins: unpinned.current });
    expect(() => request({ agent, host: 'localhost', port: other.port })).toThrow(HostRefusedError);
    expect(() => request({ agent, host: '127.0.0.1', port: service.port })).toThrow(HostRefusedError);
    agent.destroy();
    expect(other.connections()).toBe(0);
  });
});

describe('S03: every request proves the device', () => {
  it('signs method, path, nonce and the exact bytes sent', async () => {
    service.answerWith((_request, response) => json(response, 200, goodHello, { 'x-tma-nonce': 'n1' }));
    const client = clientTo(service.url);
    await say(client);
    await say(client);
    const proofs = service.requests.map((request) => readProof(String(request.headers['x-tma-proof'])));
    for (const [index, proof] of proofs.entries()) {
      expect(isProofSigned(proof, signer.publicKey, nodeCrypto)).toBe(true);
      const sent = service.requests[index]?.sent ?? Buffer.of();
      expect(proof.claims).toMatchObject({
        device: device.id,
        method: 'POST',
        path: '/v1/sync/hello',
        nonce: index === 0 ? '' : 'n1',
        body: createHash('sha256').update(sent).digest('base64url'),
      });
    }
    expect(proofs[0]?.claims.id).not.toBe(proofs[1]?.claims.id);
  });

  it('asks once more with the fresh nonce when its own is stale, and only once', async () => {
    let nonce = 0;
    service.answerWith((request, response) => {
      const { claims } = readProof(String(request.headers['x-tma-proof']));
      const good = claims.nonce === 'fresh';
      json(response, good ? 200 : 401, good ? goodHello : { code: 'auth.nonce-stale' }, {
        'x-tma-nonce': 'fresh',
      });
    });
    await expect(say(clientTo(service.url))).resolves.toMatchObject({ epoch: 'e1' });
    expect(service.requests).toHaveLength(2);
    service.answerWith((_request, response) => {
      nonce += 1;
      json(response, 401, { code: 'auth.nonce-stale' }, { 'x-tma-nonce': `n${nonce}` });
    });
    await expect(say(clientTo(service.url))).rejects.toEqual(failure('auth.nonce-stale'));
    expect(service.requests).toHaveLength(4);
  });

  it('packs with what the last answer said the service takes, and once more where an older task cannot read it', async () => {
    const long = { ...hello, program: 'x'.repeat(4_000) };
    const client = clientTo(service.url);
    service.answerWith((_request, response) =>
      json(response, 200, goodHello, { 'accept-encoding': 'zstd, gzip' }),
    );
    await client.hello(long, new AbortController().signal);
    await client.hello(long, new AbortController().signal);
    service.answerWith(({ headers }, response) =>
      headers['content-encoding'] === 'zstd'
        ? json(response, 400, { code: 'input.invalid' })
        : json(response, 200, goodHello),
    );
    await client.hello(long, new AbortController().signal);
    await client.hello(long, new AbortController().signal);
    const packings = service.requests.map(({ headers }) => headers['content-encoding']);
    expect(packings).toEqual(['gzip', 'zstd', 'zstd', 'gzip', 'gzip']);
  });

  it('compresses bodies above 1 KiB, and proves the compressed bytes', async () => {
    const client = clientTo(service.url);
    await client.hello({ ...hello, program: 'x'.repeat(4_000) }, new AbortController().signal);
    await say(client);
    const [large, small] = service.requests;
    expect(large?.headers['content-encoding']).toBe('gzip');
    expect(large?.sent.length).toBeLessThan(200);
    expect(large?.body).toMatchObject({ program: 'x'.repeat(4_000) });
    const { claims } = readProof(String(large?.headers['x-tma-proof']));
    expect(claims.body).toBe(
      createHash('sha256')
        .update(large?.sent ?? '')
        .digest('base64url'),
    );
    expect(small?.headers['content-encoding']).toBeUndefined();
  });

  it('keeps its connection for the next request', async () => {
    const client = clientTo(service.url);
    for (let round = 0; round < 3; round++) await say(client);
    expect(service.connections()).toBe(1);
  });
});

describe('a request that fails', () => {
  const answered = async (status: number, body: string | Buffer, headers: Record<string, string> = {}) => {
    service.answerWith((_request, response) => {
      response.writeHead(status, headers);
      response.end(body);
    });
    return say(clientTo(service.url));
  };

  it.each<[string, number, string, string]>([
    ["the service's own code", 403, '{"code":"auth.device-revoked"}', 'auth.device-revoked'],
    ["the service's own code with 409", 409, '{"code":"service.epoch-changed"}', 'service.epoch-changed'],
    ['a load balancer without tasks', 503, '<html>', 'service.busy'],
    ['a bad gateway', 502, '', 'service.busy'],
    ['a gateway that waited', 504, '', 'service.busy'],
    ['a defect of the service', 500, 'oops', 'service.error'],
    ['a code that only a newer service knows', 500, '{"code":"new.code"}', 'service.error'],
    ['too many requests', 429, '', 'input.rate-limited'],
    ['a body a proxy would not take', 413, '', 'input.too-large'],
    ['a page that is not there', 404, '<html>', 'service.answer-invalid'],
    ['a page of somebody else', 200, '<html>Welcome</html>', 'service.answer-invalid'],
    ['half an answer', 200, '{"serverTimeMs":1,"epo', 'service.answer-invalid'],
    ['an answer with a field missing', 200, '{"serverTimeMs":1}', 'service.answer-invalid'],
    ['no answer', 204, '', 'service.answer-invalid'],
  ])('says so by its code: %s', async (_what, status, body, code) => {
    await expect(answered(status, body)).rejects.toEqual(failure(code));
  });

  it('tells how long to wait where the service did', async () => {
    await expect(answered(503, '', { 'retry-after': '7' })).rejects.toEqual(
      failure('service.busy', { retryAfterMs: 7_000 }),
    );
    await expect(
      answered(503, '{"code":"service.busy","params":{"a":1}}', { 'retry-after': '1' }),
    ).rejects.toEqual(failure('service.busy', { a: 1, retryAfterMs: 1_000 }));
    const inAMinute = new Date(Date.now() + 60_000).toUTCString();
    const thrown = await answered(503, '', { 'retry-after': inAMinute }).catch((error: TmaError) => error);
    expect((thrown as TmaError).params?.retryAfterMs).toBeGreaterThan(50_000);
    await expect(answered(503, '', { 'retry-after': 'soon' })).rejects.toEqual(failure('service.busy'));
  });

  it('is unreachable where nothing listens', async () => {
    const { url } = service;
    await service.close();
    await expect(say(clientTo(url))).rejects.toEqual(failure('service.unreachable'));
    service = await startScriptedService(good);
  });

  it('is unreachable when the connection is cut before and in the middle of the answer', async () => {
    service.answerWith(() => service.cut());
    await expect(say(clientTo(service.url))).rejects.toEqual(failure('service.unreachable'));
    service.answerWith((_request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{"serverTimeMs":1,');
      setTimeout(() => service.cut(), 20);
    });
    await expect(say(clientTo(service.url))).rejects.toEqual(failure('service.unreachable'));
  });

  it('ends at once when it is called off', async () => {
    service.answerWith(() => undefined);
    const controller = new AbortController();
    const asked = say(clientTo(service.url), controller.signal);
    setTimeout(() => controller.abort(), 20);
    await expect(asked).rejects.toEqual(failure('service.unreachable'));
    await expect(say(clientTo(service.url), AbortSignal.abort())).rejects.toEqual(
      failure('service.unreachable'),
    );
  });

  it('ends when the service keeps silent', async () => {
    service.answerWith(() => undefined);
    const transport = createTransport({
      ...{ address: { url: service.url, caPem }, timers: clock },
      ...{ program: '0.1.0', pins: unpinned },
    });
    const asked = transport.post({ path: '/', body: {}, answer: z.object({}), silenceMs: 60 });
    await expect(asked).rejects.toEqual(failure('service.unreachable'));
    transport.close();
  });

  it('takes no answer that unpacks to more than it asked for', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, 0x20), { level: 9 });
    await expect(answered(200, bomb, { 'content-encoding': 'gzip' })).rejects.toEqual(
      failure('service.answer-invalid'),
    );
    await expect(answered(200, 'not gzip', { 'content-encoding': 'gzip' })).rejects.toEqual(
      failure('service.answer-invalid'),
    );
    const half = gzipSync(Buffer.from(JSON.stringify(goodHello))).subarray(0, 40);
    await expect(answered(200, half, { 'content-encoding': 'gzip' })).rejects.toEqual(
      failure('service.answer-invalid'),
    );
  });
});

describe('enrolment', () => {
  const user = { id: device.id, name: 'Jana Beck', role: 'specialist' };
  const checked = {
    tenant: { id: device.id, name: 'Nordwerk' },
    user,
    expiresAt: '2026-11-24T08:00:00.000Z',
  };

  it('asks whom a code is for, and redeems it, with no proof', async () => {
    service.answerWith((request, response) =>
      request.path === '/v1/enrol/check'
        ? json(response, 200, checked)
        : json(response, 200, {
            tenant: checked.tenant,
            user,
            device: { id: device.id, label: 'Laptop' },
            serviceKey: 'x'.repeat(43),
            emergency: [],
          }),
    );
    const enrolment = createEnrolmentService({ url: service.url, caPem });
    await expect(enrolment.check('ABCD-EFGH')).resolves.toEqual(checked);
    const request = { code: 'ABCD-EFGH', deviceKey: 'y'.repeat(43), label: 'Laptop', program: '0.1.0' };
    await expect(enrolment.redeem(request)).resolves.toMatchObject({ device: { label: 'Laptop' } });
    expect(service.requests.map((one) => one.body)).toEqual([{ code: 'ABCD-EFGH' }, request]);
    for (const one of service.requests) expect(one.headers['x-tma-proof']).toBeUndefined();
  });

  it.each(['enrol.code-unknown', 'enrol.code-expired', 'enrol.code-used'])('passes on %s', async (code) => {
    service.answerWith((_request, response) => json(response, 404, { code }));
    await expect(createEnrolmentService({ url: service.url, caPem }).check('ABCD')).rejects.toEqual(
      failure(code),
    );
  });
});
