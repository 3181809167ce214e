import type { SignedStatement } from '../../shared/integrity/witness.ts';
import type { ServiceConfig } from '../config.ts';
import { folderWitness } from './folderWitness.ts';

/**
 * Where statements of the witness are written once and stay as they are: a bucket with object lock in an account of
 * its own in the cloud, a folder in development. The name of a statement ends in its hash, so two different statements
 * about one hour lie there side by side, for everybody to see.
 */
export interface WitnessStore {
  /** Writes what is not there yet; the same again changes nothing. Failures of the storage are thrown as they come. */
  put(name: string, statement: SignedStatement): Promise<void>;
  /** At the start: whether it can be written. Throws `ConfigError`, which says why not. */
  check(): Promise<void>;
  close(): void;
}

/** The store the settings name, if they name one. The AWS client is loaded only where it is used. */
export async function openWitnessStore({
  witness,
}: Pick<ServiceConfig, 'witness'>): Promise<WitnessStore | undefined> {
  if (witness === undefined) return undefined;
  return 'bucket' in witness
    ? (await import('./s3Witness.ts')).s3Witness(witness)
    : folderWitness(witness.dir);
}
