/**
 * The certificate authority of one development machine: it exists so that the laptop's TLS check is the real one
 * (a chain to a known authority, the right host name) from the first run. ECDSA P-256 throughout (RFC 5480);
 * certificates after RFC 5280. Nothing is added to the system's trusted authorities.
 *
 *     authority.pem / authority.key   the authority; made once, ten years
 *     server.pem / server.key         the service's certificate for localhost; 90 days, renewed 30 days before
 *
 * Keys are readable by their owner alone.
 */
// Must run before @peculiar/x509, whose dependency container needs it.
import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { filesIn, type PemPair, readPair, writePair } from './authority-files.ts';

const DAY_MS = 86_400_000;
const AUTHORITY_LIFE_MS = 3_650 * DAY_MS;
const SERVER_LIFE_MS = 90 * DAY_MS;
const RENEW_BEFORE_MS = 30 * DAY_MS;
/** Certificates begin a little in the past, for laptops whose clock is behind. */
const CLOCK_SKEW_MS = DAY_MS;
/** The type of keys where it is compiled: Node's own, or the DOM's in a test of the browser. */
type CryptoKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** Who may ask for certificates; `certificatePem` is what a laptop is given to trust. */
export interface Authority {
  readonly dir: string;
  readonly certificatePem: string;
  readonly certificateFile: string;
  readonly key: CryptoKey;
}

export interface ServerCertificate {
  readonly certificatePem: string;
  readonly keyPem: string;
  readonly certificateFile: string;
  readonly keyFile: string;
  /** When it ends, in milliseconds since the Unix epoch. */
  readonly endsAtMs: number;
}

export interface ServerCertificateOptions {
  /** Now, in milliseconds since the Unix epoch; default the system clock. */
  readonly nowMs?: number;
  /** For how long; a negative time makes an expired certificate, for tests. Default 90 days. */
  readonly lifeMs?: number;
  /** DNS names it is for; default `localhost`. */
  readonly names?: readonly string[];
  /** IP addresses it is for; default `127.0.0.1` and `::1`. */
  readonly addresses?: readonly string[];
}

/**
 * The authority kept in that folder, made when there is none.
 * @throws {ToolError} when its certificate is there without its key: a new one would be refused by every laptop
 *   already enrolled, so a person decides.
 */
export async function createAuthority(dir: string, nowMs: number = Date.now()): Promise<Authority> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const files = filesIn(dir, 'authority');
  const stored = await readPair(files);
  if (stored !== undefined) {
    const key = await importKey(stored.keyPem);
    return { dir, certificatePem: stored.certificatePem, certificateFile: files.certificate, key };
  }
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(),
    name: `CN=TMA development authority ${randomBytes(4).toString('hex')}`,
    notBefore: new Date(nowMs - CLOCK_SKEW_MS),
    notAfter: new Date(nowMs + AUTHORITY_LIFE_MS),
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const certificatePem = pemText(certificate.toString('pem'));
  await writePair(files, { certificatePem, keyPem: await exportKey(keys.privateKey) });
  return { dir, certificatePem, certificateFile: files.certificate, key: keys.privateKey };
}

/**
 * The service's certificate kept beside the authority; a new one when there is none, when it comes from another
 * authority, and when it is within 30 days of its end.
 */
export async function issueServerCertificate(
  authority: Authority,
  options: ServerCertificateOptions = {},
): Promise<ServerCertificate> {
  const nowMs = options.nowMs ?? Date.now();
  const files = filesIn(authority.dir, 'server');
  const stored = await readPair(files);
  const pair = stored !== undefined && (await isGood(stored, authority, nowMs)) ? stored : undefined;
  const { certificatePem, keyPem } = pair ?? (await issue(authority, { ...options, nowMs }));
  if (pair === undefined) await writePair(files, { certificatePem, keyPem });
  const endsAtMs = new X509Certificate(certificatePem).notAfter.getTime();
  return { certificatePem, keyPem, certificateFile: files.certificate, keyFile: files.key, endsAtMs };
}

async function issue(
  authority: Authority,
  options: ServerCertificateOptions & { readonly nowMs: number },
): Promise<PemPair> {
  const issuer = new X509Certificate(authority.certificatePem);
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const names = options.names ?? ['localhost'];
  const addresses = options.addresses ?? ['127.0.0.1', '::1'];
  const endsAtMs = options.nowMs + (options.lifeMs ?? SERVER_LIFE_MS);
  const extensions: Extension[] = [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
    new SubjectAlternativeNameExtension([
      ...names.map((value) => ({ type: 'dns' as const, value })),
      ...addresses.map((value) => ({ type: 'ip' as const, value })),
    ]),
    await SubjectKeyIdentifierExtension.create(keys.publicKey),
    await AuthorityKeyIdentifierExtension.create(issuer),
  ];
  const certificate = await X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject: `CN=${names[0] ?? addresses[0] ?? 'localhost'}`,
    issuer: issuer.subject,
    notBefore: new Date(Math.min(options.nowMs, endsAtMs) - CLOCK_SKEW_MS),
    notAfter: new Date(endsAtMs),
    publicKey: keys.publicKey,
    signingKey: authority.key,
    signingAlgorithm: algorithm,
    extensions,
  });
  return { certificatePem: pemText(certificate.toString('pem')), keyPem: await exportKey(keys.privateKey) };
}

async function isGood(pair: PemPair, authority: Authority, nowMs: number): Promise<boolean> {
  const certificate = new X509Certificate(pair.certificatePem);
  if (certificate.notAfter.getTime() - nowMs < RENEW_BEFORE_MS) return false;
  const { publicKey } = new X509Certificate(authority.certificatePem);
  return certificate.verify({ publicKey, signatureOnly: true });
}

/** A positive serial number of 127 random bits (RFC 5280, 4.1.2.2). */
function newSerial(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString('hex');
}

const pemText = (pem: string) => `${pem.trimEnd()}\n`;

async function exportKey(key: CryptoKey): Promise<string> {
  return pemText(PemConverter.encode(await crypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY'));
}

async function importKey(pem: string): Promise<CryptoKey> {
  const der = PemConverter.decodeFirst(pem);
  return crypto.subtle.importKey('pkcs8', der, algorithm, true, ['sign']);
}
