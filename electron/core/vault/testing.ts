/** What the tests of the vault share: real profiles in temporary folders, a keystore in memory, a clock by hand. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Generated, type Kysely, sql } from 'kysely';
import type { VaultDriver } from './driver.ts';
import { multipleCiphersDriver } from './drivers/multipleCiphers.ts';
import { loadSqlcipherDriver } from './drivers/sqlcipher.ts';
import type { KdfParameters } from './keys/kdf.ts';
import type { SecretStore } from './keys/secretStore.ts';
import type { Migration } from './migrate.ts';
import type { ServerShare, VaultClock } from './types.ts';

/** The weakest the header check accepts. */
export const testKdf: KdfParameters = { memoryKiB: 64 * 1024, passes: 3, lanes: 4 };

export const testPassphrase = 'blauer Fahrradhelm am Nordufer';

export const otherPassphrase = 'gelber Regenschirm im Keller';

export const testBinding = { tenantId: 'tenant-1', userId: 'user-1', deviceId: 'device-1' };

/** A folder that is removed when the test's `using` block ends. */
export function temporaryFolder(): { readonly path: string; [Symbol.dispose](): void } {
  const path = mkdtempSync(join(tmpdir(), 'tma-vault-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

export function memorySecrets(backend = 'memory'): SecretStore {
  const secrets = new Map<string, Uint8Array>();
  return {
    backend,
    get: async (name) => secrets.get(name)?.slice() ?? null,
    set: async (name, value) => void secrets.set(name, value.slice()),
    delete: async (name) => void secrets.delete(name),
  };
}

/** A keystore that outlives a process, for tests that kill one. */
export function fileSecrets(folder: string): SecretStore {
  const path = (name: string) => join(folder, `${name}.secret`);
  return {
    backend: 'test-file',
    get: async (name) => (existsSync(path(name)) ? new Uint8Array(readFileSync(path(name))) : null),
    set: async (name, value) => writeFileSync(path(name), value),
    delete: async (name) => rmSync(path(name), { force: true }),
  };
}

/** A service's share that is always to be had, and wanted. */
export function testShare(byte: number): ServerShare {
  const share = new Uint8Array(32).fill(byte);
  return { release: async () => share, wanted: async () => share, settled: async () => undefined };
}

/** Starts a TypeScript fixture in a Node process of its own. */
export function startFixture(script: URL, args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [fileURLToPath(script), ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Resolves with how the process ended. */
export async function ended(child: ChildProcess): Promise<string> {
  if (child.exitCode !== null || child.signalCode !== null) return String(child.signalCode ?? child.exitCode);
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  return String(signal ?? code);
}

export interface ManualClock extends VaultClock {
  advance(milliseconds: number): void;
}

/** A clock that moves only when told; tasks run as it passes them. */
export function manualClock(startMs = Date.UTC(2026, 0, 1)): ManualClock {
  let now = startMs;
  const tasks = new Set<{ readonly atMs: number; readonly run: () => void }>();
  return {
    nowMs: () => now,
    after(delayMs, run) {
      const task = { atMs: now + delayMs, run };
      tasks.add(task);
      return () => void tasks.delete(task);
    },
    advance(milliseconds) {
      now += milliseconds;
      for (const task of [...tasks].filter((each) => each.atMs <= now)) {
        tasks.delete(task);
        task.run();
      }
    },
  };
}

/** Every driver that can be loaded here: the optional one is left out where it was not compiled. */
export function loadableDrivers(): readonly VaultDriver[] {
  try {
    return [multipleCiphersDriver, loadSqlcipherDriver()];
  } catch {
    return [multipleCiphersDriver];
  }
}

export interface NoteTables {
  note: { id: Generated<number>; text: string };
}

export const noteMigrations: readonly Migration[] = [
  {
    number: 1,
    name: 'notes',
    kind: 'expand',
    up: (connection) =>
      connection.exec('CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT'),
  },
];

export async function countNotes(db: Kysely<NoteTables>): Promise<number> {
  const row = await sql<{ n: number }>`SELECT count(*) AS n FROM note`.execute(db);
  return row.rows[0]?.n ?? -1;
}

/** The files below a folder that contain the text, in UTF-8 or UTF-16. */
export function filesContaining(folder: string, text: string): readonly string[] {
  const needles = [Buffer.from(text, 'utf8'), Buffer.from(text, 'utf16le')];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => {
      const bytes = readFileSync(path);
      return needles.some((needle) => bytes.includes(needle));
    });
}
