import { X509Certificate } from 'node:crypto';
import { ConfigError } from '../config.ts';

/** Refuses a certificate outside its time, with which no laptop would speak. @throws {ConfigError} */
export function checkCertificate(certificatePem: string, nowMs: number): void {
  const { validFromDate, validToDate } = parse(certificatePem);
  if (validToDate.getTime() <= nowMs)
    throw new ConfigError(`tls: the certificate expired on ${validToDate.toISOString()}. Renew it first.`);
  if (validFromDate.getTime() > nowMs)
    throw new ConfigError(
      `tls: the certificate is good only from ${validFromDate.toISOString()}. Is the clock right?`,
    );
}

function parse(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw new ConfigError('tls: the certificate cannot be read.', { cause });
  }
}
