import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAuthority, issueServerCertificate, type ServerCertificate } from './authority.ts';

const DAY_MS = 86_400_000;
let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tma-authority-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

/** A TLS handshake as a laptop does it; resolves to the protocol, rejects with Node's own error code. */
async function handshake(server: ServerCertificate, ca: string, servername = 'localhost'): Promise<string> {
  const listener = createServer({ cert: server.certificatePem, key: server.keyPem, minVersion: 'TLSv1.3' });
  listener.on('tlsClientError', () => undefined);
  await new Promise<void>((ready) => listener.listen(0, '127.0.0.1', ready));
  const address = listener.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  let socket: TLSSocket | undefined;
  try {
    return await new Promise((resolve, reject) => {
      const options = { port, host: '127.0.0.1', servername, ca, rejectUnauthorized: true };
      socket = connect(options, () => resolve(socket?.getProtocol() ?? 'none'));
      socket.on('error', reject);
    });
  } finally {
    socket?.destroy();
    listener.close();
  }
}

describe('the local certificate authority', () => {
  it('gives the service a certificate that TLS 1.3 accepts for localhost', async () => {
    const authority = await createAuthority(dir);
    const server = await issueServerCertificate(authority);
    await expect(handshake(server, authority.certificatePem)).resolves.toBe('TLSv1.3');
  });

  it('is not accepted for another host name', async () => {
    const authority = await createAuthority(dir);
    const server = await issueServerCertificate(authority);
    await expect(handshake(server, authority.certificatePem, 'evil.example')).rejects.toMatchObject({
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
  });

  it('is not accepted by who trusts another authority of the same kind', async () => {
    const server = await issueServerCertificate(await createAuthority(join(dir, 'ours')));
    const other = await createAuthority(join(dir, 'other'));
    await expect(handshake(server, other.certificatePem)).rejects.toMatchObject({
      code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    });
  });

  it('can make an expired certificate, which TLS refuses', async () => {
    const authority = await createAuthority(dir);
    const server = await issueServerCertificate(authority, { lifeMs: -DAY_MS });
    await expect(handshake(server, authority.certificatePem)).rejects.toMatchObject({
      code: 'CERT_HAS_EXPIRED',
    });
  });

  it('stays the same from one start to the next', async () => {
    const authority = await createAuthority(dir);
    const server = await issueServerCertificate(authority);
    const again = await createAuthority(dir);
    expect(again.certificatePem).toBe(authority.certificatePem);
    expect((await issueServerCertificate(again)).certificatePem).toBe(server.certificatePem);
  });

  it('renews the certificate of the service 30 days before its end, with the same authority', async () => {
    const authority = await createAuthority(dir);
    const first = await issueServerCertificate(authority);
    const day59 = await issueServerCertificate(authority, { nowMs: Date.now() + 59 * DAY_MS });
    const day61 = await issueServerCertificate(authority, { nowMs: Date.now() + 61 * DAY_MS });
    expect(day59.certificatePem).toBe(first.certificatePem);
    expect(day61.certificatePem).not.toBe(first.certificatePem);
    expect(day61.endsAtMs).toBeGreaterThan(first.endsAtMs);
  });

  it('replaces a certificate that another authority signed', async () => {
    const server = await issueServerCertificate(await createAuthority(dir));
    await rm(join(dir, 'authority.pem'));
    const authority = await createAuthority(dir);
    const renewed = await issueServerCertificate(authority);
    expect(renewed.certificatePem).not.toBe(server.certificatePem);
    await expect(handshake(renewed, authority.certificatePem)).resolves.toBe('TLSv1.3');
  });

  it('keeps its keys readable by their owner alone', async () => {
    await issueServerCertificate(await createAuthority(dir));
    for (const file of ['authority.key', 'server.key']) {
      expect((await stat(join(dir, file))).mode & 0o777).toBe(0o600);
    }
  });

  it('does not quietly replace an authority whose key is lost', async () => {
    await createAuthority(dir);
    await rm(join(dir, 'authority.key'));
    await expect(createAuthority(dir)).rejects.toThrow(/its key .* is not.*Nothing was changed/s);
  });
});
