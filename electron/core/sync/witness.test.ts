/** What the witness of the real service says, held against the logs on a laptop; and what a service that lies says. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newSigningSeed, nodeCrypto, signerFromSeed } from '../../../platform/crypto.ts';
import { toBase64Url } from '../../../shared/bytes.ts';
import { TmaError } from '../../../shared/errors.ts';
import type { CaseId } from '../../../shared/ids.ts';
import type { Witnessed } from '../../../shared/integrity/witness.ts';
import type { WitnessAnswer } from '../../../shared/sync/wire.ts';
import { type RealService, startRealService } from '../../../tools/support/real-service.ts';
import { addNote, type Desk, openDesk, synced, takeReport } from './testing.ts';
import { createWitnessing } from './witness.ts';

const hourMs = 3_600_000;
const signal = new AbortController().signal;

let service: RealService;
let folder: string;
let desk: Desk;
let caseId: CaseId;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tma-witness-'));
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
  caseId = await takeReport(desk, 'Er hat es angekündigt.');
  await synced(desk);
});
afterAll(async () => {
  await desk?.close();
  await service?.close();
  await rm(folder, { recursive: true, force: true });
});

const verify = () => desk.handlers['cases.verify']({ caseId });

/** Lets an hour pass for this laptop. */
async function anHourLater(): Promise<void> {
  await desk.log.set('witnessAskedAtMs', Date.now() - hourMs);
}

/** What a service answers that says something else than it should. */
async function askWith(twist: (answer: WitnessAnswer) => WitnessAnswer | TmaError) {
  const said = await kept();
  const honest: WitnessAnswer = { cases: said === undefined ? [] : [{ case: caseId, witnessed: said }] };
  const witnessing = createWitnessing({
    ...{ log: desk.log, serviceKey: service.publicKey, crypto: nodeCrypto },
    clock: { nowMs: () => Date.now() },
    service: {
      async witness() {
        const answer = twist(honest);
        if (answer instanceof TmaError) throw answer;
        return answer;
      },
    },
    pullAll: async () => undefined,
    isAside: () => false,
  });
  await anHourLater();
  await witnessing.ask((await desk.log.get('epoch')) ?? '', signal);
  return witnessing.contradicted();
}

async function kept(): Promise<Witnessed | undefined> {
  const row = await desk.vault.db.selectFrom('witnessed').select('said').executeTakeFirst();
  return row === undefined ? undefined : (JSON.parse(row.said) as Witnessed); // kept by the laptop itself
}

const twisted = (change: (said: Witnessed) => Partial<Witnessed>) => (answer: WitnessAnswer) => ({
  cases: answer.cases.map((one) => ({
    ...one,
    witnessed: { ...one.witnessed, ...change(one.witnessed) },
  })),
});

/** Something of the case is not witnessed yet, so that it is asked for. */
async function workOn(): Promise<void> {
  await addNote(desk, caseId, 'mehr');
  await synced(desk);
}

describe('a laptop and the witness', () => {
  it('is calm while there is no statement', async () => {
    await anHourLater();
    await expect(synced(desk)).resolves.toMatchObject({ state: 'idle', error: null });
    expect(await verify()).toMatchObject({ outcome: 'sound', witnessed: null });
  });

  it('asks once an hour after an exchange, and keeps what was proved', async () => {
    await service.witness();
    await synced(desk);
    expect(await verify()).toMatchObject({ witnessed: null });
    await anHourLater();
    await synced(desk);
    const result = await verify();
    expect(result).toMatchObject({
      outcome: 'sound',
      witnessed: {
        position: result.outcome === 'sound' ? result.entries : 0,
        at: expect.stringMatching(/:00:00Z$/),
      },
    });
  });

  it('does not ask again for what is named up to its end', async () => {
    expect(await desk.log.unwitnessed(10)).toEqual([]);
    await workOn();
    expect(await desk.log.unwitnessed(10)).toMatchObject([{ case: caseId }]);
  });

  it('is calm where the service does not answer, does not know the question, or is late', async () => {
    for (const code of ['service.unreachable', 'not-found', 'service.answer-invalid'] as const)
      expect(await askWith(() => new TmaError(code))).toEqual([]);
    expect(await askWith(() => ({ cases: [] }))).toEqual([]);
    expect(await askWith((answer) => answer)).toEqual([]);
  });

  it.each<[string, (said: Witnessed) => Partial<Witnessed>]>([
    ['another past', () => ({ running: toBase64Url(Buffer.alloc(32, 7)) })],
    ['a shorter log than before', ({ position }) => ({ position: position - 1 })],
    ['a longer log than there is', ({ position }) => ({ position: position + 7 })],
    ['what nobody signed', ({ statement }) => ({ statement: { ...statement, sig: 'A'.repeat(86) } })],
    ['a proof of something else', ({ proof }) => ({ proof: { ...proof, path: [] } })],
  ])('finds a service that proves %s', async (_what, change) => {
    const before = await desk.vault.db.selectFrom('witnessed').selectAll().execute();
    expect(await askWith(twisted(change))).toEqual([caseId]);
    await desk.vault.write(async (tx) => {
      await tx.deleteFrom('witnessed').execute();
      await tx.insertInto('witnessed').values(before).execute();
    });
  });

  it('says so: the case is set aside, the check of the case names it, until the witness says otherwise', async () => {
    const before = await kept();
    if (before === undefined) throw new Error('kept by the test before');
    const said = { ...before, running: toBase64Url(Buffer.alloc(32, 7)) };
    await desk.log.keepWitnessed([{ case: caseId, said, contradicts: true }]);
    await expect(synced(desk)).resolves.toMatchObject({
      ...{ state: 'error', error: 'service.log-contradicts', setAside: 1 },
    });
    expect(await verify()).toMatchObject({ outcome: 'broken', at: { kind: 'unproved' } });
    await anHourLater();
    await expect(synced(desk)).resolves.toMatchObject({ state: 'idle', error: null, setAside: 0 });
    expect(await verify()).toMatchObject({ outcome: 'sound', witnessed: { position: before.position } });
  });

  it('fetches once more what the witness names beyond what is here, before it calls it a contradiction', async () => {
    await workOn();
    await service.witness(1);
    const end = (await desk.log.cursors([caseId])).get(caseId)?.position ?? 0;
    await anHourLater();
    await synced(desk);
    expect((await kept())?.position).toBe(end);
  });
});
