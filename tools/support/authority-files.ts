/** A certificate and its key as two PEM files: each appears whole or not at all, and never one without the other. */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { systemCode, ToolError } from './tool-error.ts';

export interface PemPair {
  readonly certificatePem: string;
  readonly keyPem: string;
}

export interface PairFiles {
  readonly certificate: string;
  readonly key: string;
}

export function filesIn(dir: string, name: string): PairFiles {
  return { certificate: resolve(join(dir, `${name}.pem`)), key: resolve(join(dir, `${name}.key`)) };
}

export async function readPair(files: PairFiles): Promise<PemPair | undefined> {
  const certificatePem = await readFile(files.certificate, 'utf8').catch(ignoreMissing);
  if (certificatePem === undefined) return undefined;
  const keyPem = await readFile(files.key, 'utf8').catch(ignoreMissing);
  if (keyPem !== undefined) return { certificatePem, keyPem };
  throw new ToolError(
    `${files.certificate} is there but its key ${files.key} is not. Nothing was changed. ` +
      'Put the key back, or begin anew with --reset.',
  );
}

/** The key first: a certificate that is there means that its key is, too. Each file appears whole or not at all. */
export async function writePair(files: PairFiles, pair: PemPair): Promise<void> {
  for (const [file, text] of [
    [files.key, pair.keyPem],
    [files.certificate, pair.certificatePem],
  ] as const) {
    await writeFile(`${file}.new`, text, { mode: 0o600 });
    await rename(`${file}.new`, file);
  }
}

function ignoreMissing(error: unknown): undefined {
  if (systemCode(error) === 'ENOENT') return undefined;
  throw error;
}
