/**
 * Kill tests: programs that work on a vault are ended by SIGKILL at random moments. Afterwards the vault opens, is
 * whole, and everything that was acknowledged is there.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { hash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openProfile } from '../../../electron/core/device/profile.ts';
import { startCore, type TestCore, testEnrolment } from '../../../electron/core/session/testing.ts';
import type { VaultTables } from '../../../electron/core/storage/tables.ts';
import { folderOf } from '../../../electron/core/vault/attachments/folder.ts';
import { attachmentStore } from '../../../electron/core/vault/attachments/store.ts';
import { migrations } from '../../../electron/core/vault/migrations/index.ts';
import { fileSecrets, otherPassphrase, testPassphrase } from '../../../electron/core/vault/testing.ts';
import type { OpenVault } from '../../../electron/core/vault/types.ts';
import { openVault } from '../../../electron/core/vault/vault.ts';
import { type CaseId, caseIdSchema, type RecordId, recordIdSchema } from '../../../shared/ids.ts';
import { callsOf, readFile } from './evidence.ts';
import { heavyMigrations } from './heavyMigrations.ts';

export const killActions = ['edit', 'attach', 'evidence', 'rewrap', 'rekey', 'migrate'] as const;
export type KillAction = (typeof killActions)[number];

export interface KillResult {
  readonly action: KillAction;
  readonly kills: number;
  /** What had been acknowledged before the kills. */
  readonly acknowledged: number;
  /** What of it was not there afterwards. */
  readonly lost: readonly string[];
  /** Vaults that did not open, or were not whole. */
  readonly broken: readonly string[];
}

export interface KillOptions {
  readonly kills: number;
  /** Between 0 and 1. */
  readonly random: () => number;
}

/** Killed at a moment within so many times what one thing takes on this machine as busy as it is. */
const thingsLong: Readonly<Record<KillAction, number>> = {
  edit: 60,
  attach: 30,
  evidence: 20,
  rewrap: 2.5,
  rekey: 2.5,
  migrate: 2.5,
};

/** Each program begins with a case of its own, and says only what it did itself. */
const isOfCore = (action: KillAction) => action === 'edit' || action === 'evidence';

type Vault = OpenVault<VaultTables>;
const worker = fileURLToPath(new URL('worker.ts', import.meta.url));
type Acknowledged = Readonly<Record<string, string | number>>;
const clock = { nowMs: () => Date.now(), after: () => () => undefined };

export async function killWhile(action: KillAction, options: KillOptions): Promise<KillResult> {
  const folder = await mkdtemp(join(tmpdir(), 'tma-kills-'));
  const lost: string[] = [];
  const broken: string[] = [];
  let acknowledged = 0;
  let passphrase = testPassphrase;
  try {
    await prepare(folder);
    const all: Acknowledged[] = [];
    let longestMs = 0;
    for (let kill = 0; kill < options.kills; kill++) {
      const delayMs = options.random() * longestMs;
      // The first one shows how long a thing takes: it is killed at its first acknowledgement.
      const args = [worker, folder, action, passphrase];
      const { told, firstMs } = await killAfter(kill === 0 ? 'first' : delayMs, args);
      longestMs = Math.max(longestMs, (firstMs ?? 0) * thingsLong[action]);
      acknowledged += told.length;
      all.push(...told);
      try {
        passphrase = await check({ action, folder, told: isOfCore(action) ? told : all, passphrase, lost });
      } catch (error) {
        broken.push(`${action} ${kill} after ${Math.round(delayMs)} ms: ${String(error)}`);
        break;
      }
    }
    return { action, kills: options.kills, acknowledged, lost, broken };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A vault with some cases in it. */
async function prepare(folder: string): Promise<void> {
  const core = startCore({ folder, secrets: fileSecrets(folder), enrolment: testEnrolment() });
  await core.handlers['session.enrol']({ code: 'ABCD-1234', label: 'Laptop', passphrase: testPassphrase });
  for (let n = 0; n < 40; n++) {
    await core.handlers['reports.take']({
      channel: 'phone',
      receivedAt: '2026-11-23T08:00:00.000Z',
      anonymous: true,
      reporterName: null,
      reporterContact: null,
      who: `Person ${n}`,
      whoIsAtRisk: null,
      what: 'x'.repeat(2_000),
      where: null,
      when: null,
      behaviours: [],
      emergency: false,
    });
  }
  await core.close();
}

interface Killed {
  readonly told: readonly Acknowledged[];
  /** How long after its first word it acknowledged something, where it did. */
  readonly firstMs: number | undefined;
}

/** Starts the program, kills it so long after its first word, and answers with what it had acknowledged. */
async function killAfter(delayMs: number | 'first', args: readonly string[]): Promise<Killed> {
  const child: ChildProcess = spawn(process.execPath, [...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  const ended = once(child, 'exit');
  let begunMs = 0;
  let firstMs: number | undefined;
  const begun = Promise.withResolvers<void>();
  const first = Promise.withResolvers<void>();
  child.stdout?.on('data', (part: Buffer) => {
    output += part.toString();
    if (begunMs === 0) begunMs = performance.now();
    begun.resolve();
    if (output.split('\n').length <= 2) return;
    firstMs ??= performance.now() - begunMs;
    first.resolve();
  });
  await Promise.race([begun.promise, ended]);
  if (delayMs === 'first') await Promise.race([first.promise, ended]);
  else await new Promise((resolve) => setTimeout(resolve, delayMs));
  child.kill('SIGKILL');
  await ended;
  // The first line only says that it began; a line cut off in the middle was not said.
  const lines = output
    .slice(0, output.lastIndexOf('\n') + 1)
    .split('\n')
    .slice(1, -1);
  return { told: lines.map((line) => JSON.parse(line) as Acknowledged), firstMs };
}

interface Check {
  readonly action: KillAction;
  readonly folder: string;
  readonly told: readonly Acknowledged[];
  readonly passphrase: string;
  readonly lost: string[];
}

/** @returns the passphrase that opens the vault now. */
async function check(checking: Check): Promise<string> {
  if (checking.action === 'edit') await checkEdits(checking);
  if (checking.action === 'attach') await checkAttachments(checking);
  if (checking.action === 'evidence') await checkEvidence(checking);
  return checkVault(checking);
}

async function checkEdits({ folder, told, lost }: Check): Promise<void> {
  const core = startCore({ folder, secrets: fileSecrets(folder), enrolment: testEnrolment() });
  try {
    await core.handlers['session.unlock']({ passphrase: testPassphrase });
    const known = await notesOf(
      core,
      told.map(({ caseId }) => caseIdSchema.parse(caseId)),
    );
    for (const { record, length } of told) {
      if (known.get(recordIdSchema.parse(record)) !== length) lost.push(String(record));
    }
  } finally {
    await core.close();
  }
}

async function notesOf(core: TestCore, caseIds: readonly CaseId[]): Promise<Map<RecordId, number>> {
  const notes = new Map<RecordId, number>();
  for (const caseId of new Set(caseIds)) {
    const { records } = await core.handlers['cases.get']({ caseId });
    for (const { id, kind, values } of records) {
      if (kind === 'note') notes.set(id, String(values.text).length);
    }
  }
  return notes;
}

/** What was acknowledged is in the case, on the disk, and byte for byte what was added. */
async function checkEvidence({ folder, told, lost }: Check): Promise<void> {
  const core = startCore({ folder, secrets: fileSecrets(folder), enrolment: testEnrolment() });
  const call = callsOf(core);
  try {
    await call('session.unlock', { passphrase: testPassphrase });
    for (const { caseId, record, sha256 } of told) {
      const place = { caseId: caseIdSchema.parse(caseId), recordId: recordIdSchema.parse(record) };
      const content = await readFile(call, place).catch(() => Buffer.alloc(0));
      if (hash('sha256', content, 'hex') !== sha256) lost.push(place.recordId);
    }
  } finally {
    await core.close();
  }
}

/** The opening has removed what the program was still writing, and nothing else. */
async function requireNoStrays({ folder, vault }: Pick<Opening, 'folder'> & { readonly vault: Vault }) {
  const rows = await vault.db.selectFrom('attachments').select('file').execute();
  const known = rows.map(({ file }) => file).sort();
  const found = (await readdir(folderOf(folder)).catch(() => [])).sort();
  if (JSON.stringify(known) !== JSON.stringify(found))
    throw new Error(`${found.length} files for ${known.length} attachments`);
}

async function checkAttachments({ folder, told, lost }: Check): Promise<void> {
  const store = attachmentStore(folder);
  await store.removeUnfinished();
  for (const { name, key, sha256, sizeBytes } of told.slice(-20)) {
    const ref = {
      name: String(name),
      key: Buffer.from(String(key), 'hex'),
      sha256: Buffer.from(String(sha256), 'hex'),
      sizeBytes: Number(sizeBytes),
    };
    let read = 0;
    for await (const bytes of store.read(ref)) read += bytes.length;
    if (read !== ref.sizeBytes) lost.push(ref.name);
  }
  // Keeps the disk small: what was looked at may go.
  for (const { name } of told.slice(0, -20)) await store.remove(String(name));
}

async function checkVault({ action, folder, told, passphrase, lost }: Check): Promise<string> {
  const profile = openProfile(folder);
  const last = told.at(-1);
  const acknowledged = typeof last?.passphrase === 'string' ? last.passphrase : passphrase;
  const other = acknowledged === testPassphrase ? otherPassphrase : testPassphrase;
  // The change under way when it was killed may or may not have happened.
  const candidates = action === 'rewrap' ? [acknowledged, other] : [passphrase];
  const schema = Number(last?.schema ?? 0);
  try {
    for (const candidate of candidates) {
      const vault = await openWith(candidate, { profile, folder, schema }).catch((error: unknown) => {
        if (candidate !== candidates.at(-1)) return undefined;
        throw error;
      });
      if (vault === undefined) continue;
      try {
        const problems = await vault.checkIntegrity();
        if (action === 'evidence') await requireNoStrays({ folder, vault });
        if (problems.length > 0) throw new Error(`not whole: ${problems.join('; ')}`);
        const { n } = await vault.db
          .selectFrom('cases')
          .select((of) => of.fn.countAll<number>().as('n'))
          .executeTakeFirstOrThrow();
        if (n < 40) lost.push(`${40 - n} cases`);
        if (vault.schema.to < schema) lost.push(`schema ${schema}`);
        return candidate;
      } finally {
        await vault.close();
      }
    }
    throw new Error('no passphrase opens it');
  } finally {
    profile.close();
  }
}

interface Opening {
  readonly profile: ReturnType<typeof openProfile>;
  readonly folder: string;
  readonly schema: number;
}

function openWith(passphrase: string, { profile, folder, schema }: Opening): Promise<OpenVault<VaultTables>> {
  const secrets = fileSecrets(folder);
  // The migration under way when it was killed may have been committed without having been acknowledged.
  const known = schema === 0 ? migrations : heavyMigrations(schema);
  return openVault<VaultTables>({ profile, passphrase, secrets, clock, migrations: known }).catch(
    (error: unknown) => {
      const found = (error as { params?: { found?: number } }).params?.found;
      if (found === undefined || found < schema) throw error;
      return openVault<VaultTables>({
        profile,
        passphrase,
        secrets,
        clock,
        migrations: heavyMigrations(found),
      });
    },
  );
}
