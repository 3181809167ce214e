/** A case whose content is destroyed on the service: it goes from every laptop, and what proves it stays. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newSigningSeed, nodeCrypto, signerFromSeed } from '../../../platform/crypto.ts';
import { toBase64Url } from '../../../shared/bytes.ts';
import type { CaseId } from '../../../shared/ids.ts';
import { readChainFile } from '../../../shared/integrity/chainFile.ts';
import { verifyChain } from '../../../shared/integrity/verifyChain.ts';
import { type RealService, startRealService } from '../../../tools/support/real-service.ts';
import { exportLog } from '../cases/exportLog.ts';
import { addNote, type Desk, openDesk, synced, takeReport } from './testing.ts';

let service: RealService;
let folder: string;
let desk: Desk;
let caseId: CaseId;
let other: CaseId;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tma-destroyed-'));
  service = await startRealService();
  const user = await service.addPerson('Anna', 'specialist');
  const signer = signerFromSeed(newSigningSeed());
  desk = await openDesk({
    ...{ folder: await mkdtemp(join(folder, 'laptop-')), name: 'Anna', signer },
    service: { url: service.url, caPem: service.caPem },
    owner: {
      deviceId: await service.register(user, signer.publicKey),
      ...{ deviceLabel: 'Laptop', userId: user, userName: 'Anna', userRole: 'specialist' },
      ...{ tenantId: service.tenant, tenantName: 'Nordwerk', serviceKey: toBase64Url(service.publicKey) },
    },
  });
  caseId = await newCase();
  other = await newCase();
});
afterAll(async () => {
  await desk?.close();
  await service?.close();
  await rm(folder, { recursive: true, force: true });
});

async function newCase(): Promise<CaseId> {
  const made = await takeReport(desk, 'Er hat den Spind aufgebrochen.');
  await addNote(desk, made, 'Spind');
  await synced(desk);
  return made;
}

async function destroy(of: CaseId): Promise<void> {
  const officer = await service.addPerson('Olga', 'dpo');
  const place = ['--tenant', service.tenant, '--case', of, '--by', officer];
  await service.command('destroy-case', ...place, '--reason', 'erasure-request', '--reference', 'DS-2026/17');
}

/** The tables of the vault that hold anything of a case. */
async function tablesWith(of: CaseId): Promise<readonly string[]> {
  const { db } = desk.vault;
  const { rows: tables } = await sql<{ name: string }>`
    SELECT m.name FROM sqlite_schema m WHERE m.type = 'table'
      AND EXISTS (SELECT 1 FROM pragma_table_info(m.name) WHERE name = 'case_id')`.execute(db);
  const found: string[] = [];
  for (const { name } of tables) {
    const { rows } = await sql`SELECT 1 FROM ${sql.table(name)} WHERE case_id = ${of} LIMIT 1`.execute(db);
    if (rows.length > 0) found.push(name);
  }
  return found.sort();
}

function verdict(text: string) {
  const file = readChainFile(text);
  if ('unreadableLine' in file) throw new Error('no file of a chain');
  const serviceKey = toBase64Url(service.publicKey);
  return verifyChain(file, { crypto: nodeCrypto, caseId, serviceKey }).outcome;
}

describe('a case whose content is destroyed', () => {
  let before: string;

  it('goes from the laptop at its next contact: nothing of it is left but that it was read there', async () => {
    before = join(folder, 'before.jsonl');
    await exportLog(desk.workspace, async () => ({ type: 'file', path: before }), caseId);
    expect(await tablesWith(caseId)).toContain('records');
    await destroy(caseId);
    await expect(synced(desk)).resolves.toMatchObject({ state: 'idle', error: null, setAside: 0 });
    // The chain of this device in the case, in case it ever comes back; and who did what on this laptop.
    expect(await tablesWith(caseId)).toEqual(['audit', 'own_chains']);
    await expect(desk.handlers['cases.get']({ caseId })).rejects.toMatchObject({ code: 'case.not-found' });
    const { hits } = await desk.handlers['search.query']({ text: 'Spind', limit: 20 });
    expect(new Set(hits.map((hit) => hit.caseId))).toEqual(new Set([other]));
  });

  it('leaves a chain that verifies, as taken out of the service and as a laptop took it out before', async () => {
    const after = await service.command('export-chain', '--tenant', service.tenant, '--case', caseId);
    expect(after).not.toContain('Spind');
    expect(verdict(after)).toBe('sound');
    expect(verdict(await readFile(before, 'utf8'))).toBe('sound');
  });

  it('goes as well where something of it was not sent, which nothing can be sealed to', async () => {
    const third = await newCase();
    await desk.engine.hold(true);
    await addNote(desk, third, 'noch nicht gesendet');
    await destroy(third);
    await desk.engine.hold(false);
    await synced(desk);
    expect(await tablesWith(third)).toEqual(['audit', 'own_chains']);
    await expect(synced(desk)).resolves.toMatchObject({ state: 'idle', error: null, unsent: 0 });
  });

  it('and what was not sent is sealed to the organisation where it has a key for that', async () => {
    const { publicKey } = generateKeyPairSync('x25519');
    const escrow = { keyId: 'safe-1', publicKey: String(publicKey.export({ format: 'jwk' }).x) };
    await service.admin.changeSettings(service.tenant, { escrow });
    const fourth = await newCase();
    await desk.engine.hold(true);
    await addNote(desk, fourth, 'noch nicht gesendet');
    await destroy(fourth);
    await desk.engine.hold(false);
    await expect(synced(desk)).resolves.toMatchObject({ state: 'idle', error: null, unsent: 0 });
    expect(await tablesWith(fourth)).toEqual(['audit', 'own_chains']);
    const packets = await service.command('list-packets', '--tenant', service.tenant);
    expect(packets).toMatch(/1 edits since .*, revoked, .*sealed to safe-1/);
  });
});
