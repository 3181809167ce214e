/**
 * A certificate that nobody vouches for, made when the process starts and gone with it: the last stretch from the
 * load balancer, which encrypts to its targets and checks no names, is encrypted without a secret to hand out.
 */
import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { PemConverter, X509CertificateGenerator } from '@peculiar/x509';

const signing = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const lifeMs = 397 * 24 * 3_600_000;

export async function selfSigned(nowMs = Date.now()): Promise<{ certificatePem: string; keyPem: string }> {
  const keys = await crypto.subtle.generateKey(signing, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: `01${randomBytes(15).toString('hex')}`,
    name: 'CN=tma-task',
    notBefore: new Date(nowMs - 60_000),
    notAfter: new Date(nowMs + lifeMs),
    signingAlgorithm: signing,
    keys,
  });
  const key = await crypto.subtle.exportKey('pkcs8', keys.privateKey);
  return { certificatePem: certificate.toString('pem'), keyPem: PemConverter.encode(key, 'PRIVATE KEY') };
}
