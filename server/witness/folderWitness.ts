/** The witness in a folder: for development and tests. Files are made once and then readable only. */
import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ConfigError } from '../config.ts';
import type { WitnessStore } from './witnessStore.ts';

export function folderWitness(dir: string): WitnessStore {
  return {
    async put(name, statement) {
      const file = join(dir, name);
      await mkdir(dirname(file), { recursive: true });
      try {
        await writeFile(file, JSON.stringify(statement), { flag: 'wx', mode: 0o444, flush: true });
      } catch (error) {
        const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
        if (!isThere) throw error;
      }
    },
    async check() {
      try {
        await mkdir(dir, { recursive: true });
        const probe = join(dir, `probe.${randomBytes(6).toString('hex')}`);
        await writeFile(probe, '');
        await rm(probe);
      } catch (cause) {
        throw new ConfigError('witness: the folder cannot be written to.', { cause });
      }
    },
    close: () => undefined,
  };
}
