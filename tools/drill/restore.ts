/**
 * The restore drill: a service at work, a base backup, a moment, edits after it, a disaster; then the database as it
 * was at the moment, a new epoch, and everything checked that a restore promises:
 *
 *   what came before the moment is there and nothing that came after · all chains, the audit log and the witness
 *   verify, and tell of the restore · a laptop of the old epoch is told · it hands in again what it still has, and
 *   nothing that anybody wrote is lost
 */
import { randomUUID } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { nodeCrypto } from '../../platform/crypto.ts';
import { connect } from '../../server/db/connect.ts';
import { prepareDatabase } from '../../server/db/prepare.ts';
import { exportAudit } from '../../server/integrity/exportAudit.ts';
import { type ExportContext, exportChain } from '../../server/integrity/exportChain.ts';
import { CaseKeys } from '../../server/keys/caseKeys.ts';
import { localKeys } from '../../server/keys/localKeys.ts';
import { loadServiceKeys } from '../../server/keys/serviceKeys.ts';
import { type Service, startService } from '../../server/start.ts';
import { Laptop, newCaseId, newRecordId, received, type Written } from '../../server/testing/laptop.ts';
import { folderWitness } from '../../server/witness/folderWitness.ts';
import { keepWitness } from '../../server/witness/keepWitness.ts';
import type { CaseId, TenantId } from '../../shared/ids.ts';
import { readAuditFile, verifyAudit } from '../../shared/integrity/auditFile.ts';
import { arrange } from '../../shared/integrity/chainFile.ts';
import { verifyChain } from '../../shared/integrity/verifyChain.ts';
import { verifyRoots } from '../../shared/integrity/verifyRoots.ts';
import type { SignedStatement } from '../../shared/integrity/witness.ts';
import { ToolError } from '../support/tool-error.ts';
import { archiveAll, momentOf, restoreTo, startArchived, takeBackup } from './archived-postgres.ts';

export interface Drill {
  /** Empty; everything is made in it. */
  readonly folder: string;
  /** How many cases there are before the moment; as many edits come before the backup, after it, and after the moment. */
  readonly cases: number;
  readonly say: (line: string) => void;
}

export interface DrillResult {
  readonly before: number;
  readonly lost: number;
  /** From the decision to restore until the service answers again. */
  readonly recoveryMs: number;
  readonly afterHandIn: number;
}

const password = 'for-this-drill-only';
const hourMs = 3_600_000;

/** @throws {ToolError} saying which promise does not hold. */
export async function restoreDrill({ folder, cases: count, say }: Drill): Promise<DrillResult> {
  const keysDir = join(folder, 'keys');
  const archived = await startArchived(folder);
  let restored: Awaited<ReturnType<typeof restoreTo>> | undefined;
  let service: Service | undefined;
  try {
    service = await start(archived.server.url, keysDir);
    const tenant = await service.admin.createTenant({ name: 'Muster AG' });
    const laptop = await enrolled(service, tenant);
    const written: Written[] = [];
    const cases = Array.from({ length: count }, newCaseId);
    const work = async (running: Service) => {
      for (const caseId of cases) {
        const edit = written.length < count ? received() : note();
        const one = laptop.write(caseId, edit);
        written.push(one);
        await laptop.push(running.epoch, one);
      }
    };
    await work(service);
    await takeBackup(archived);
    await work(service);
    const nowMs = Date.now();
    await witness(folder, archived.server.url, { keysDir, nowMs });
    const before = written.length;
    const moment = await momentOf(archived);
    await work(service);
    await witness(folder, archived.server.url, { keysDir, nowMs: nowMs + hourMs });
    await archiveAll(archived);
    await service.stop();
    service = undefined;
    await archived.server.crash();
    say(`${before} edits before the moment, ${written.length - before} after it; the database is gone.`);

    const startedMs = performance.now();
    restored = await restoreTo(archived, moment);
    await writeFile(join(keysDir, 'epoch'), `${randomUUID()}\n`);
    service = await start(restored.url, keysDir);
    const recoveryMs = performance.now() - startedMs;
    say(
      `Restored to ${moment} and serving again after ${(recoveryMs / 1_000).toFixed(1)} s, under a new epoch.`,
    );

    const there = await check(restored.url, { keysDir, tenant, cases });
    demand(there === before, `the log holds ${there} edits, not the ${before} from before the moment`);
    say(
      `All ${cases.length} chains and the audit log verify; they hold exactly what came before the moment.`,
    );
    await witness(folder, restored.url, { keysDir, nowMs: nowMs + 2 * hourMs });
    await checkRoots(folder, { tenant, publicKey: service.publicKey });
    say('The witness tells of the restore, and that nothing else happened to it.');

    const afterHandIn = await handIn({ service, laptop, written, keysDir, tenant, cases, url: restored.url });
    demand(afterHandIn === written.length, `${afterHandIn} of ${written.length} edits are there in the end`);
    say(`The laptop handed in again what it had: all ${afterHandIn} edits are there, and the chains verify.`);
    return { before, lost: written.length - before, recoveryMs, afterHandIn };
  } finally {
    await service?.stop();
    await restored?.stop();
    await archived.server.stop();
  }
}

async function start(ownerUrl: string, keysDir: string): Promise<Service> {
  const { databaseUrl } = await prepareDatabase({ ownerUrl, servicePassword: password });
  return startService({ databaseUrl, keysDir, logLevel: 'silent' });
}

async function enrolled(service: Service, tenant: TenantId): Promise<Laptop> {
  const user = await service.admin.createUser({ tenant, name: 'Ada Weber', role: 'specialist' });
  const { code } = await service.admin.mintCode({ tenant, user });
  const laptop = new Laptop(service.url);
  await laptop.enrol(code);
  return laptop;
}

const note = () => ({
  ...{ kind: 'note', op: 'create' as const, record: newRecordId() },
  fields: { text: 'as it was said' },
});

async function withDatabase<T>(
  ownerUrl: string,
  keysDir: string,
  work: (context: ExportContext) => Promise<T>,
): Promise<T> {
  const { databaseUrl } = await prepareDatabase({ ownerUrl, servicePassword: password });
  const db = connect({ databaseUrl, size: 2 });
  try {
    const { signer, epoch } = await loadServiceKeys(keysDir);
    const caseKeys = new CaseKeys(localKeys(keysDir));
    return await work({ db, caseKeys, signer, epoch, nowMs: () => Date.now() });
  } finally {
    await db.destroy();
  }
}

function witness(
  folder: string,
  ownerUrl: string,
  { keysDir, nowMs }: { readonly keysDir: string; readonly nowMs: number },
): Promise<void> {
  const store = folderWitness(join(folder, 'witness'));
  return withDatabase(ownerUrl, keysDir, (context) => keepWitness({ ...context, nowMs: () => nowMs, store }));
}

interface Checking {
  readonly keysDir: string;
  readonly tenant: TenantId;
  readonly cases: readonly CaseId[];
}

/** How many edits the logs hold, once every chain and the audit log have verified. */
function check(ownerUrl: string, { keysDir, tenant, cases }: Checking): Promise<number> {
  return withDatabase(ownerUrl, keysDir, async (context) => {
    let entries = 0;
    for (const caseId of cases) {
      const file = arrange(await exportChain(context, { tenant, caseId }));
      const verdict = file && verifyChain(file, { crypto: nodeCrypto, caseId });
      demand(verdict?.outcome === 'sound', `the chain of case ${caseId} does not verify`);
      entries += verdict?.outcome === 'sound' ? verdict.entries : 0;
    }
    const lines = await exportAudit(context, tenant);
    const audit = readAuditFile(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const isSound = 'head' in audit && verifyAudit(audit, { crypto: nodeCrypto }).outcome === 'sound';
    demand(isSound, 'the audit log does not verify');
    return entries;
  });
}

async function checkRoots(
  folder: string,
  { tenant, publicKey }: { readonly tenant: TenantId; readonly publicKey: Uint8Array },
): Promise<void> {
  const inside = join(folder, 'witness', 'roots', tenant);
  const names = await readdir(inside);
  const statements = await Promise.all(
    names.map(async (name) => JSON.parse(await readFile(join(inside, name), 'utf8')) as SignedStatement),
  );
  const verdict = verifyRoots(statements, { tenant, serviceKey: publicKey, crypto: nodeCrypto });
  const isTold = verdict.outcome === 'sound' && verdict.restoredAt.length === 1;
  demand(isTold && statements.length === 3, 'the witness does not tell of the restore');
}

interface HandingIn extends Checking {
  readonly service: Service;
  readonly laptop: Laptop;
  readonly written: readonly Written[];
  readonly url: string;
}

async function handIn(work: HandingIn): Promise<number> {
  const { service, laptop, written, url } = work;
  const again = new Laptop(service.url, laptop.device);
  const moved = Object.assign(again, { signer: laptop.signer, publicKey: laptop.publicKey });
  const [first] = written;
  const old = first && (await moved.push(randomUUID(), first));
  demand(old?.body.code === 'service.epoch-changed', 'a laptop of the old epoch is not told of the restore');
  for (const one of written) {
    const { body } = await moved.push(service.epoch, one);
    demand(body.segments[0]?.outcome === 'taken', 'the service does not take an edit again');
  }
  return check(url, work);
}

function demand(holds: boolean, otherwise: string): void {
  if (!holds) throw new ToolError(`The restore does not hold: ${otherwise}.`);
}
